import { Store } from './store'

/** A Date header has whole seconds, and took a while to come. */
const closeMs = 2_500

/**
 * Clock is the gateway's time in ms, as far as its answers tell: a machine's own may be minutes off, and offers, waits and
 * messages have the gateway's times. Who watches it hears every second.
 */
export class Clock {
  private ahead = 0
  private readonly second = new Store(Date.now())
  private watchers = 0
  private timer?: ReturnType<typeof setInterval>

  now = () => Date.now() + this.ahead

  /** note takes an answer's Date header. A clock that is about right is left alone, so that no countdown jumps. */
  note(header: string | null) {
    const said = Date.parse(header ?? '')
    if (Number.isNaN(said)) return
    const ahead = said + 500 - Date.now()
    if (Math.abs(ahead - this.ahead) > closeMs) this.ahead = Math.abs(ahead) > closeMs ? ahead : 0
  }

  get = () => this.second.get()

  watch = (f: () => void) => {
    const end = this.second.watch(f)
    if (this.watchers++ === 0) this.timer = setInterval(() => this.second.set(this.now()), 1_000)
    return () => {
      end()
      if (--this.watchers === 0) clearInterval(this.timer)
    }
  }
}
