import type { Utterance, UtteranceGroup } from './api'

/** Hint is what chosen texts most likely are, to begin with. */
export type Hint = { kind: 'intent' | 'question'; name: string }

/** hintOf is the suggestion that all groups of the chosen texts share; an empty name when they do not, or have none. */
export function hintOf(groups: UtteranceGroup[], chosen: Utterance[]): Hint {
  const ids = new Set(chosen.map((u) => u.id))
  const found = groups.filter((g) => g.utterances.some((u) => ids.has(u.id))).map((g) => g.suggestion)
  const first = found[0]
  const shared = first !== undefined && found.every((h) => h.kind === first.kind && h.name === first.name)
  return shared ? { kind: first.kind === 'faq' ? 'question' : 'intent', name: first.name ?? '' } : { kind: 'intent', name: '' }
}

/** shareOf is a share in words: `93.6 % (191 of 204)`. */
export const shareOf = ({ right, of }: { right: number; of: number }) => `${((100 * right) / of).toFixed(1)} % (${right} of ${of})`
