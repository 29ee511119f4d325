import { Refused } from './api'
import type { Keep, Waiting } from './keep'
import { backoff } from './line'
import type { Message } from './wire'

// An Outbox sends what the visitor wrote, one after the other, until the gateway has taken or refused each. An entry leaves the
// storage only after the answer, and carries one client id for ever, so a reload or a second tab repeats nothing.

export interface Courier {
  post(w: Waiting): Promise<Message>
  accepted(m: Message): void
  refused(clientId: string, error?: string): void
}

const serverTries = 5 // answers of 5xx before the visitor is asked to try again

export class Outbox {
  private readonly keep: Keep
  private readonly to: Courier
  private busy = false
  private again = false
  private stopped = false
  private tries = 0
  private serverErrors = 0
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(keep: Keep, to: Courier) {
    this.keep = keep
    this.to = to
  }

  stop(): void {
    this.stopped = true
    clearTimeout(this.timer)
  }

  // pump sends until nothing is left or the network fails; then it tries again by itself, and at once when called.
  async pump(): Promise<void> {
    clearTimeout(this.timer)
    this.again = this.busy
    if (this.busy || this.stopped) return
    this.busy = true
    try {
      for (let next = this.next(); next && !this.stopped; next = this.next()) await this.one(next)
    } catch {
      if (!this.stopped) this.timer = setTimeout(() => void this.pump(), this.again ? 0 : backoff(this.tries++, Math.random()))
    } finally {
      this.busy = false
    }
  }

  private next(): Waiting | undefined {
    return this.keep.outbox().find((w) => !w.failed)
  }

  private async one(w: Waiting): Promise<void> {
    try {
      const message = await this.to.post(w)
      this.keep.drop(w.clientId)
      this.tries = this.serverErrors = 0
      this.to.accepted(message)
    } catch (e) {
      const hopeless = e instanceof Refused && (e.final || (e.status >= 500 && ++this.serverErrors >= serverTries))
      if (!hopeless) throw e
      this.serverErrors = 0
      this.keep.mark(w.clientId, true)
      this.to.refused(w.clientId, e.message)
    }
  }
}
