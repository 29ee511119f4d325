import type { Detail, Event } from '../api'
import { applyToConversation } from './conversation'
import { later } from './cursor'

/** Known is an answer, kept as the events say it is, with the offer that may become an assignment. */
export type Known = Detail & { offered?: Event['offer'] }

/** detailAfter is a detail after an event of its conversation. What the answer contains already changes nothing. */
export function detailAfter(d: Known, ev: Event): Known {
  const { change, offer } = ev
  if (!later(ev.cursor, d.cursor)) return d
  const conversation = applyToConversation(d.conversation, ev)
  if (ev.kind === 'offered') return { ...d, conversation, offered: offer }
  if (ev.kind === 'offer_ended' && offer?.end !== 'accepted') return { ...d, conversation, offered: undefined }
  if (ev.kind === 'owner' && change) return { ...d, conversation, why: d.offered?.agent === change.agent ? d.offered?.why : undefined, offered: undefined, cursor: ev.cursor }
  return conversation === d.conversation ? d : { ...d, conversation }
}

/** tellsAll is whether an event says all that a detail shows of what happened: who took what waited, and why it was them. A handoff, a note, a summary it does not tell. */
export function tellsAll({ conversation, offered }: Known, { kind, change, offer }: Event) {
  if (kind === 'owner') return change?.owner === 'agent' && change.from === undefined && conversation.owner !== 'bot' && (!conversation.offer || offered?.agent === change.agent)
  // Of an offer that ran when the answer was given it is not known why.
  if (kind === 'offer_ended') return offer?.end !== 'accepted' || offered?.agent === offer.agent
  return kind !== 'opened' && kind !== 'closed'
}
