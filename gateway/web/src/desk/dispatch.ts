import { type Event, Failure, type Message, messageOf, passes, retryDelay } from '../api'
import type { Shelf } from '../live/shelf'
import { type Conflict, isConflict } from './drafts'

/**
 * Unsent is a message that the server has not confirmed, kept across reloads. It is under way (`sending`), goes out
 * again by itself (`waiting`), or waits for its writer to decide (`held`).
 */
export type Unsent = {
  client_id: string
  conversation: string
  text: string
  note: boolean
  after: string
  at: number
  state: 'sending' | 'waiting' | 'held'
  /** How often it was tried while the server answered. */
  tries: number
  problem?: string
  /** Why it is held. */
  conflict?: Conflict
}

export function readUnsent(v: unknown): Unsent | undefined {
  if (typeof v !== 'object' || v === null) return undefined
  const u = v as Unsent
  const texts = [u.client_id, u.conversation, u.text, u.after]
  if (texts.some((t) => typeof t !== 'string') || typeof u.at !== 'number' || typeof u.note !== 'boolean') return undefined
  return {
    client_id: u.client_id, conversation: u.conversation, text: u.text, note: u.note, after: u.after, at: u.at,
    state: u.state === 'held' || u.state === 'waiting' ? u.state : 'sending', tries: Number.isFinite(u.tries) ? u.tries : 0,
    ...(typeof u.problem === 'string' ? { problem: u.problem } : {}), ...(isConflict(u.conflict) ? { conflict: u.conflict } : {}),
  }
}

/** A server that answers and fails is asked this often, then the writer decides. */
const mostTries = 6
/** What could not go out for so long is not news any more: its writer decides. */
const tooOldMs = 60 * 60_000
/** What happened is told with so many events at most. */
const mostTold = 5

export type Port = {
  shelf: Shelf<Unsent>
  post(u: Unsent): Promise<Message>
  /** The server has it. */
  sent(u: Unsent, m: Message): void
  /** The server refuses a reply for good: true when its words went back to where they were written. */
  back(u: Unsent, conflict: Conflict): boolean
  /** Words wait for a decision. */
  held(u: Unsent): void
  /** alone runs f when no other tab sends the same message; without a way to know it runs all the same: the server counts a client id once. */
  alone(clientId: string, f: () => Promise<void>): Promise<void>
  tooOld: string
  now(): number
}

/** Dispatch gives unsent messages to the server. Words leave it only when the server has them, or their writer. */
export class Dispatch {
  private readonly flying = new Set<string>()
  /** What was to go out again while the answer to it was still under way. */
  private readonly again = new Set<string>()
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>()
  /** How often each failed in a row, for how long to wait. */
  private readonly failed = new Map<string, number>()

  constructor(private readonly port: Port) {}

  /** send keeps the message and gives it to the server; it is tried again as long as that may help. */
  async send(u: Unsent): Promise<void> {
    if (this.flying.has(u.client_id)) return
    this.port.shelf.put(u.client_id, { ...u, state: 'sending', problem: undefined, conflict: undefined })
    await this.go(u.client_id)
  }

  private async go(id: string): Promise<void> {
    if (this.flying.has(id)) return
    this.flying.add(id)
    clearTimeout(this.timers.get(id))
    this.timers.delete(id)
    const { shelf } = this.port
    try {
      await this.port.alone(id, async () => {
        const now = shelf.current(id)
        // Another tab may have sent it meanwhile, or heard that it cannot be.
        if (!now || now.state === 'held') return shelf.heardOf(id)
        const { problem: _over, ...u } = now
        shelf.put(id, { ...u, state: 'sending' })
        await this.post({ ...u, state: 'sending' })
      })
    } finally {
      this.flying.delete(id)
      if (this.again.delete(id) && this.port.shelf.get()[id]?.state === 'waiting') void this.go(id)
    }
  }

  /** resend tries what is left, after a lost connection, a new sign-in or a reload. */
  resend() {
    this.failed.clear()
    for (const u of Object.values(this.port.shelf.get())) {
      if (u.state === 'held') continue
      if (this.flying.has(u.client_id)) this.again.add(u.client_id)
      else if (this.port.now() - u.at > tooOldMs) this.hold(u, { events: [], message: this.port.tooOld, after: u.after })
      else void this.go(u.client_id)
    }
  }

  /** confirm is told of what the server has: the answer to it may have been lost. */
  confirm(clientId: string) {
    if (!(clientId in this.port.shelf.get())) return
    clearTimeout(this.timers.get(clientId))
    this.timers.delete(clientId)
    this.port.shelf.drop(clientId)
  }

  /** stop ends all tries; nothing is dropped. */
  stop() {
    for (const t of this.timers.values()) clearTimeout(t)
    this.timers.clear()
  }

  private async post(u: Unsent) {
    const { shelf } = this.port
    try {
      const message = await this.port.post(u)
      this.port.sent(u, message)
      this.failed.delete(u.client_id)
      shelf.drop(u.client_id)
    } catch (err) {
      if (!(u.client_id in shelf.get())) return // confirmed by its event, or the session is over
      const signedOut = err instanceof Failure && err.code === 'unauthenticated'
      if (!signedOut && !passes(err)) return this.giveBack(u, err)
      const answered = !(err instanceof Failure) || err.code !== 'offline'
      const tries = u.tries + (answered ? 1 : 0)
      const old = this.port.now() - u.at > tooOldMs
      if (tries >= mostTries || old) return this.hold({ ...u, tries }, { events: [], message: old ? this.port.tooOld : messageOf(err), after: u.after })
      // The sign-in sends it again.
      if (signedOut) return shelf.put(u.client_id, { ...u, state: 'waiting', tries, problem: err.message })
      const failed = (this.failed.get(u.client_id) ?? 0) + 1
      this.failed.set(u.client_id, failed)
      const waiting: Unsent = { ...u, state: 'waiting', tries, problem: messageOf(err) }
      shelf.put(u.client_id, waiting)
      this.timers.set(u.client_id, setTimeout(() => {
        const left = shelf.get()[u.client_id]
        if (left?.state === 'waiting') void this.go(u.client_id)
      }, retryDelay(failed, err)))
    }
  }

  private giveBack(u: Unsent, err: unknown) {
    const events: Event[] = err instanceof Failure ? (err.events ?? []).slice(-mostTold) : []
    const conflict: Conflict = { events, message: messageOf(err), after: u.after }
    if (!u.note && this.port.back(u, conflict)) return this.port.shelf.drop(u.client_id)
    this.hold(u, conflict)
  }

  private hold(u: Unsent, conflict: Conflict) {
    this.failed.delete(u.client_id)
    const held: Unsent = { ...u, state: 'held', tries: 0, problem: undefined, conflict }
    this.port.shelf.put(u.client_id, held)
    this.port.held(held)
  }
}
