import { advance } from '../../text/delivery'
import type { Event, Message } from '../api'
import { later, latest } from './cursor'

/** A message of the thread; `local` marks one that the server has not confirmed yet. */
export type Line = Message & { local?: 'sending' | 'refused' }

/**
 * Thread is the loaded, newest part of a consumer's messages, oldest first. It is true up to `cursor`; its newest page
 * came with what had happened up to `page`. A `fresh` one is an answer that is not joined to what was there; one with a `gap` may
 * lack some of what happened since, so that nothing can be joined to it.
 */
export type Thread = { lines: Line[]; more: boolean; cursor: string; page: string; fresh?: true; gap?: boolean }

export type ThreadPage = { messages: Message[]; more: boolean; cursor: string }

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

/** threadOf is the newest page as it was answered. */
export const threadOf = ({ messages, more, cursor }: ThreadPage): Thread => ({ lines: messages, more, cursor, page: cursor, fresh: true })

/** settled is what a thread becomes when another stands in for it: an answer is joined to it, anything else replaces it. */
export function settled(old: Thread | undefined, next: Thread): Thread {
  const { fresh, ...page } = next
  return fresh && old && !old.gap ? joinNewest(old, page) : page
}

/** joinNewest merges the newest page into what is shown. Of two answers that overtook each other the older one changes nothing that the newer has settled. */
function joinNewest(thread: Thread, page: Thread): Thread {
  const known = new Set(thread.lines.map((l) => l.id))
  const overlaps = page.lines.some((l) => known.has(l.id))
  if (!overlaps && later(thread.page, page.page)) return thread
  // A newest page that shares nothing with what we hold leaves a gap: start again from it.
  const lines = overlaps ? page.lines.reduce(place, thread.lines) : page.lines
  return {
    lines,
    more: lines[0]?.id === page.lines[0]?.id ? page.more : thread.more,
    cursor: latest(thread.cursor, page.cursor),
    page: latest(thread.page, page.page),
  }
}

/** joinOlder puts the page before a message above it. A page whose place is not held any more changes nothing. */
export function joinOlder(thread: Thread | undefined, page: ThreadPage, before: string): Thread | undefined {
  if (!thread?.lines.some((l) => l.id === before)) return thread
  const lines = page.messages.reduce(place, thread.lines)
  return { ...thread, lines, more: lines[0]?.id === (page.messages[0]?.id ?? before) ? page.more : thread.more }
}

/** marked is a message's event with what happened to the message since. */
const marked = (known: Line | undefined, message: Message): Message =>
  known && !known.local
    ? { ...message, content: known.content, reactions: known.reactions, edited_at: known.edited_at, unsent_at: known.unsent_at }
    : message

/** applyToThread is the thread after an event of one of its conversations. Applying an event twice changes nothing. */
export function applyToThread(thread: Thread, ev: Event): Thread {
  const next = later(ev.cursor, thread.cursor) ? { ...thread, cursor: ev.cursor } : thread
  if (ev.kind === 'message' && ev.message) {
    const { id } = ev.message
    // The newest page has it, or it is further back than what is shown: alone it would hide what lies between.
    if (!later(ev.cursor, thread.page) && !next.lines.some((l) => l.id === id)) return next
    return { ...next, lines: place(next.lines, marked(next.lines.find((l) => l.id === id), ev.message)) }
  }
  if (ev.kind === 'marked' && ev.marked) {
    const { message, content, reactions, edited_at, unsent_at } = ev.marked
    const lines = next.lines.map((l) => (l.id === message ? { ...l, content: content ?? l.content, reactions, edited_at, unsent_at } : l))
    return { ...next, lines }
  }
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
