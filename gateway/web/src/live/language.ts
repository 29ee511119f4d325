import type { Line } from './thread'

/**
 * writesIn is the language that most of a conversation's consumer messages are in, of equals the later one; what is
 * known of the consumer when no message tells.
 */
export function writesIn(lines: Line[], conversation: string, known?: string): string | undefined {
  const counts = new Map<string, number>()
  let most: string | undefined
  for (const l of lines) {
    const language = l.conversation === conversation && l.author === 'consumer' ? l.heard?.language : undefined
    if (!language) continue
    const count = (counts.get(language) ?? 0) + 1
    counts.set(language, count)
    if (most === undefined || count >= (counts.get(most) ?? 0)) most = language
  }
  return most ?? known
}
