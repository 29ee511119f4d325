import type { Event } from '../api'
import { later } from './cursor'

/** More than this while something loads is not kept: what was loading is then loaded again. */
const mostEvents = 5_000

/**
 * Tail is the end of the event log as far as an answer under way may lack it: whatever comes between a question and its
 * answer is here when the answer comes, so that it can be applied to that, too.
 */
export class Tail {
  private events: Event[] = []
  /** Every event after this position was taken; undefined before anything is followed. */
  private origin?: string
  private cut = false
  private holds = 0

  /** loading tells whether some answer is under way, beside those that hold. */
  constructor(private readonly loading: () => boolean) {}

  /** begin says that every event after the cursor will be taken. */
  begin(cursor: string) {
    this.origin = cursor
    this.events = []
    this.cut = false
  }

  take(ev: Event) {
    if (this.holds === 0 && !this.loading()) {
      this.events = []
      this.cut = false
      return
    }
    this.events.push(ev)
    if (this.events.length <= mostEvents) return
    this.events.splice(0, mostEvents / 2)
    this.cut = true
  }

  /** hold keeps what comes until it is released, for an answer that `loading` does not know of. */
  hold(): () => void {
    this.holds++
    let held = true
    return () => {
      if (held) this.holds--
      held = false
    }
  }

  /** all is what came while something loads. Events that an answer contains already are among it. */
  all(): readonly Event[] {
    return this.events
  }

  get following() {
    return this.origin !== undefined
  }

  /** lacks is whether something that happened after an answer's position was never seen or is not kept. */
  lacks(cursor: string): boolean {
    return this.cut || (this.origin !== undefined && later(this.origin, cursor))
  }
}
