/** How soon a wish is served when nothing was asked for lately, and how far apart requests are otherwise. */
const soonMs = 200
const apartMs = 1_500
/** An answer that takes longer is waited for by nobody: a network may swallow a request and never say so. */
const patienceMs = 45_000

type Wish = { urgency: number; run: () => unknown }

/**
 * Pacer asks for what events make stale: one request at a time, never more often than every 1.5 seconds, the most
 * urgent first. Equal wishes are one, so that a thousand events cost what one does; each that has to wait gets more
 * urgent with every other that is served, so that none waits for ever.
 */
export class Pacer {
  private readonly wishes = new Map<string, Wish>()
  private timer?: ReturnType<typeof setTimeout>
  private running = false
  private last = -apartMs

  constructor(private readonly clock: () => number = () => performance.now()) {}

  wish(key: string, urgency: number, run: () => unknown) {
    const known = this.wishes.get(key)
    this.wishes.set(key, { urgency: Math.min(urgency, known?.urgency ?? urgency), run })
    this.plan()
  }

  clear() {
    this.wishes.clear()
    clearTimeout(this.timer)
    this.timer = undefined
  }

  private plan() {
    if (this.timer !== undefined || this.running || this.wishes.size === 0) return
    this.timer = setTimeout(() => void this.serve(), Math.max(soonMs, this.last + apartMs - this.clock()))
  }

  private async serve() {
    this.timer = undefined
    let next: [string, Wish] | undefined
    for (const entry of this.wishes) if (!next || entry[1].urgency < next[1].urgency) next = entry
    if (!next) return
    this.wishes.delete(next[0])
    for (const wish of this.wishes.values()) wish.urgency--
    this.running = true
    this.last = this.clock()
    let limit: ReturnType<typeof setTimeout> | undefined
    try {
      await Promise.race([next[1].run(), new Promise((f) => (limit = setTimeout(f, patienceMs)))])
    } catch {
      // What failed stays stale: the next event, or the next look, asks again.
    } finally {
      clearTimeout(limit)
    }
    this.running = false
    this.plan()
  }
}
