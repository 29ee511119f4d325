import type { Entry, Progress, State } from './store'
import type { Language, Strings } from './strings'
import type { Author } from './wire'

// What the transcript shows, computed from the state: day lines, groups of one sender, system lines.

export type Row =
  | { kind: 'day'; key: string; at: number; label: string }
  | { kind: 'line'; key: string; entry: Entry }
  | { kind: 'group'; key: string; author: Author; name?: string; entries: Entry[] }

const groupGap = 5 * 60_000 // ms of silence after which a sender is named again

export function rows(entries: readonly Entry[], now: number, lang: string): Row[] {
  const out: Row[] = []
  let day = ''
  for (const e of entries) {
    const today = new Date(e.at).toDateString()
    if (today !== day) {
      day = today
      out.push({ kind: 'day', key: `day ${today}`, at: e.at, label: dayLabel(e.at, now, lang) })
    }
    const key = e.clientId ?? e.id
    const last = out.at(-1)
    if (e.author === 'system') out.push({ kind: 'line', key, entry: e })
    else if (last?.kind === 'group' && last.author === e.author && last.name === e.name && e.at - (last.entries.at(-1)?.at ?? 0) < groupGap) last.entries.push(e)
    else out.push({ kind: 'group', key, author: e.author, name: e.name, entries: [e] })
  }
  return out
}

export function dayLabel(at: number, now: number, lang: string): string {
  const midnight = (ms: number): number => new Date(ms).setHours(0, 0, 0, 0)
  const days = Math.round((midnight(at) - midnight(now)) / 86_400_000)
  if (days === 0 || days === -1) {
    const word = new Intl.RelativeTimeFormat(lang, { numeric: 'auto' }).format(days, 'day')
    return word.charAt(0).toLocaleUpperCase(lang) + word.slice(1)
  }
  const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? undefined : 'numeric'
  return new Intl.DateTimeFormat(lang, { weekday: 'long', day: 'numeric', month: 'long', year }).format(at)
}

export const clock = (at: number, { locale, hour12 }: Language): string => new Intl.DateTimeFormat(locale, { timeStyle: 'short', hour12 }).format(at)

// progress is what the visitor reads below their message.
export const progress = (state: Progress, s: Strings): string => s[state === 'queued' || state === 'received' ? 'sent' : state === 'unknown' ? 'failed' : state]

// answering says who answers now, below the brand's name.
export function answering({ status, brand }: State, s: Strings): string {
  const { open, owner, agent_name: agent, position } = status
  if (!open || owner === 'none') return s.hello
  const [who, more] = owner === 'queue' ? [s.waiting, position] : owner === 'bot' ? [brand?.bot_name, s.bot] : [agent]
  return [who, more].filter(Boolean).join(' · ')
}

export function senderName(author: Author, name: string | undefined, state: State, lang: Language): string {
  if (author === 'consumer') return lang.strings.you
  return name || (author === 'bot' && state.brand?.bot_name) || state.brand?.name || ''
}
