import type { Conversation } from '../api'
import { Shelf } from './shelf'
import { Store } from './store'

/** Mark is when a conversation was last seen in this browser, how many consumer messages came since, and the last one's time. */
export type Mark = { seen: number; count: number; last: number }
export type Marks = Readonly<Record<string, Mark>>

const mostMarks = 200
const writeMs = 2_000
const all = 'all'

const isMark = (v: unknown): v is Mark =>
  typeof v === 'object' && v !== null && ['seen', 'count', 'last'].every((k) => Number.isFinite((v as Record<string, unknown>)[k]))

function readMarks(v: unknown): Marks | undefined {
  if (typeof v !== 'object' || v === null) return undefined
  return Object.fromEntries(Object.entries(v).filter((e): e is [string, Mark] => isMark(e[1])))
}

/** joinMarks is what two tabs know together: the later look, and what came since. At most so many are kept, the latest. */
export function joinMarks(a: Marks, b: Marks): Marks {
  const joined: Record<string, Mark> = { ...a }
  for (const [id, m] of Object.entries(b)) {
    const known = joined[id]
    if (!known || m.seen > known.seen || (m.seen === known.seen && m.last > known.last)) joined[id] = m
  }
  const entries = Object.entries(joined)
  if (entries.length <= mostMarks) return joined
  const at = (m: Mark) => Math.max(m.seen, m.last)
  return Object.fromEntries(entries.sort(([, x], [, y]) => at(y) - at(x)).slice(0, mostMarks))
}

/** countUnread is the number of unread consumer messages; at least 1 when the last message is newer than the last look. */
export function countUnread(marks: Marks, c: Conversation): number {
  if (c.state === 'closed' || c.preview_author !== 'consumer') return 0
  const mark = marks[c.id]
  if (!mark) return 1
  return c.last_at > mark.seen ? Math.max(1, mark.count) : 0
}

/** Unread is the marks of who is signed in. They are one entry in the browser's storage, written a while after a change and when the page goes. */
export class Unread extends Store<Marks> {
  readonly shelf = new Shelf<Marks>('unread', readMarks)
  private writing?: ReturnType<typeof setTimeout>

  constructor() {
    super({})
    this.shelf.watch(() => this.set((mine) => joinMarks(mine, this.shelf.get()[all] ?? {})))
  }

  /** note counts a consumer's message. */
  note(id: string, at: number) {
    this.change((marks) => {
      const mark = marks[id]
      if (mark && (at <= mark.seen || at <= mark.last)) return marks // a repeated event
      return joinMarks({ ...marks, [id]: { seen: mark?.seen ?? 0, count: (mark?.count ?? 0) + 1, last: at } }, {})
    })
  }

  /** see is a look at a conversation whose last message was written then. */
  see(id: string, at: number) {
    this.change((marks) => {
      const mark = marks[id]
      if (mark && mark.seen >= at && mark.count === 0) return marks
      return joinMarks({ ...marks, [id]: { seen: at, count: 0, last: at } }, {})
    })
  }

  /** keep writes the marks now. */
  keep() {
    if (this.writing === undefined) return
    this.settle()
    this.shelf.put(all, joinMarks(this.shelf.current(all) ?? {}, this.get()))
  }

  /** forget is the end of a session. */
  forget() {
    this.settle()
    this.shelf.shut()
    this.set({})
  }

  private settle() {
    clearTimeout(this.writing)
    this.writing = undefined
  }

  private change(f: (marks: Marks) => Marks) {
    const before = this.get()
    this.set(f)
    if (this.get() !== before) this.writing ??= setTimeout(() => this.keep(), writeMs)
  }
}
