import type { DeliveryState, Event, Message } from '../api'

/** A message of the thread; `local` marks one that the server has not confirmed yet. */
export type Line = Message & { local?: 'sending' | 'refused' }

/** Thread is the loaded, newest part of a consumer's messages, oldest first. */
export type Thread = { lines: Line[]; more: boolean; cursor: string }

const rank = (state: DeliveryState): number => {
  switch (state) {
    case 'received': return 0
    case 'queued': return 1
    case 'unknown': return 2
    case 'sent': return 3
    case 'failed': return 4
    case 'delivered': return 5
    case 'read': return 6
  }
}

/** advance joins two delivery states: receipts arrive in any order, and a state never moves back. */
export const advance = (from: DeliveryState, to: DeliveryState): DeliveryState => (rank(to) > rank(from) ? to : from)

const before = (a: Line, b: Line) =>
  a.conversation === b.conversation && !a.local && !b.local ? a.seq < b.seq : a.at < b.at

/** place puts a message where it belongs; one that is there already (same id or client id) is joined, never doubled. */
export function place(lines: Line[], message: Line): Line[] {
  const at = lines.findIndex(
    (l) => l.id === message.id || (message.client_id !== undefined && l.client_id === message.client_id),
  )
  const known = lines[at]
  if (known) {
    if (message.local && !known.local) return lines // the confirmation overtook us
    const state = known.local ? message.state : advance(known.state, message.state)
    const joined = { ...message, state }
    // What an agent said of it outlives the message's own event, which knows only the first guess.
    if (known.heard?.by && !message.heard?.by) joined.heard = known.heard
    if (!known.local && known.failure !== undefined && state === known.state) joined.failure = known.failure
    if (known.local && !message.local) return place(lines.filter((_, i) => i !== at), joined)
    return lines.map((l, i) => (i === at ? joined : l))
  }
  let i = lines.length
  for (let prev = lines[i - 1]; prev && before(message, prev); prev = lines[i - 1]) i--
  return [...lines.slice(0, i), message, ...lines.slice(i)]
}

/** joinPage merges a page from the server into what is shown: the newest page again, or an older one. */
export function joinPage(
  thread: Thread | undefined,
  page: { messages: Message[]; more: boolean; cursor: string },
  older: boolean,
): Thread {
  if (!thread) return { lines: page.messages, more: page.more, cursor: page.cursor }
  const overlaps = older || page.messages.some((m) => thread.lines.some((l) => l.id === m.id))
  // A newest page that shares nothing with what we hold leaves a gap: start again from it, keeping what is unsent.
  const start = overlaps ? thread.lines : thread.lines.filter((l) => l.local)
  return {
    lines: page.messages.reduce(place, start),
    more: older || !overlaps ? page.more : thread.more,
    cursor: older ? thread.cursor : page.cursor,
  }
}

/** applyToThread is the thread after an event of one of its conversations. Applying an event twice changes nothing. */
export function applyToThread(thread: Thread, ev: Event): Thread {
  const next = ev.cursor === thread.cursor ? thread : { ...thread, cursor: ev.cursor }
  if (ev.kind === 'message' && ev.message) return { ...next, lines: place(next.lines, ev.message) }
  if ((ev.kind === 'status' || ev.kind === 'consumer_read') && ev.status) {
    const { message, state, failure, again } = ev.status
    const lines = next.lines.map((l) => {
      if (l.id !== message) return l
      const joined = again ? state : advance(l.state, state)
      return joined === l.state ? l : { ...l, state: joined, failure }
    })
    return { ...next, lines }
  }
  return next
}
