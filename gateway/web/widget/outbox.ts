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

export function outbox(keep: Keep, to: Courier) {
  let busy = false
  let stopped = false
  let tries = 0
  let serverErrors = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function stop(): void {
    stopped = true
    clearTimeout(timer)
  }

  // pump sends until nothing is left or the network fails; then it tries again by itself, and at once when called.
  async function pump(): Promise<void> {
    clearTimeout(timer)
    if (busy || stopped) return
    busy = true
    try {
      for (let w = next(); w && !stopped; w = next()) await one(w)
    } catch {
      if (!stopped) timer = setTimeout(() => void pump(), backoff(tries++, Math.random()))
    } finally {
      busy = false
    }
  }

  function next(): Waiting | undefined {
    return keep.outbox().find((w) => !w.failed)
  }

  async function one(w: Waiting): Promise<void> {
    try {
      const message = await to.post(w)
      keep.drop(w.clientId)
      tries = serverErrors = 0
      to.accepted(message)
    } catch (e) {
      const hopeless = e instanceof Refused && (e.final || (e.status >= 500 && ++serverErrors >= serverTries))
      if (!hopeless) throw e
      serverErrors = 0
      keep.mark(w.clientId, true)
      to.refused(w.clientId, e.message)
    }
  }

  return { pump, stop }
}
