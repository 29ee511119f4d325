import type { Conversation } from '../api'
import { storedStore } from './store'

/** Mark is when a conversation was last seen in this browser, how many consumer messages came since, and the last one's time. */
type Mark = { seen: number; count: number; last: number }

const keptMarks = 500

export const unread = storedStore<Record<string, Mark>>('parley.unread', {})

/** countUnread is the number of unread consumer messages; at least 1 when the last message is newer than the last look. */
export function countUnread(marks: Record<string, Mark>, c: Conversation): number {
  if (c.state === 'closed' || c.preview_author !== 'consumer') return 0
  const mark = marks[c.id]
  if (!mark) return 1
  return c.last_at > mark.seen ? Math.max(1, mark.count) : 0
}

export function noteUnread(id: string, at: number) {
  unread.set((marks) => {
    const mark = marks[id]
    if (mark && (at <= mark.seen || at <= mark.last)) return marks // a repeated event
    return { ...marks, [id]: { seen: mark?.seen ?? 0, count: (mark?.count ?? 0) + 1, last: at } }
  })
}

export function markSeen(id: string, at: number) {
  unread.set((marks) => {
    const mark = marks[id]
    if (mark && mark.seen >= at && mark.count === 0) return marks
    const entries = Object.entries({ ...marks, [id]: { seen: at, count: 0, last: at } })
    entries.sort(([, a], [, b]) => b.seen - a.seen)
    return Object.fromEntries(entries.slice(0, keptMarks))
  })
}
