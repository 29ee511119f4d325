import { Refused } from './api'
import { isFrame, parseFrame, type Frame } from './wire'

// A Line keeps the widget joined to the gateway's event log: by a socket, or by long polls where sockets do not pass.

export interface Uplink {
  token(): Promise<string> // a session, made when there is none
  renew(): Promise<void> // exchanges a token that was refused
  cursor(): Promise<string> // where to go on; loads the history when nothing was read yet
  poll(after: string, wait: number, signal: AbortSignal): Promise<{ frames: Frame[]; cursor: string }>
  socket(): WebSocket
  frame(f: Frame): void
  joined(): void
  lost(): void
  refused(e: Refused): void
}

const handshake = 10_000 // ms from dialling to the live frame
const pollWait = 25 // s
const socketAgain = 300_000 // ms of polling after which a socket gets another try
const longHidden = 30_000 // ms after which a socket that looks open is not believed

// backoff is the pause before try n (0, 1, …) in ms: 0.5 to 30 s, spread so that not all visitors return at once.
export function backoff(n: number, random: number): number {
  const top = Math.min(30_000, 1000 * 2 ** Math.min(n, 10))
  return Math.max(500, top * (0.5 + random / 2))
}

export class Line {
  private readonly link: Uplink
  private stopped = false
  private tries = 0
  private deadSockets = 0
  private ws: WebSocket | undefined
  private hangUp: (() => void) | undefined
  private skipPause: (() => void) | undefined
  private isUp = false
  private hiddenAt = 0

  constructor(link: Uplink) {
    this.link = link
  }

  async run(): Promise<void> {
    while (!this.stopped) {
      try {
        await this.link.token()
        const after = await this.link.cursor()
        if (this.stopped) return
        if (this.deadSockets >= 2) await this.longPoll(after)
        else await this.follow(await this.link.token(), after)
      } catch (e) {
        if (e instanceof Refused && e.status === 401) await this.link.renew().catch(() => undefined)
        else if (e instanceof Refused && e.final) {
          this.stopped = true
          this.link.refused(e)
          return
        }
      }
      if (this.stopped) return
      this.isUp = false
      this.link.lost()
      await this.pause(backoff(this.tries++, Math.random()))
    }
  }

  stop(): void {
    this.stopped = true
    this.hangUp?.()
    this.skipPause?.()
  }

  // say sends a frame if there is a socket to send it on.
  say(frame: object): boolean {
    if (!this.isUp || !this.ws) return false
    this.ws.send(JSON.stringify(frame))
    return true
  }

  offline(): void {
    this.hangUp?.()
  }

  online(): void {
    this.tries = 0
    this.skipPause?.()
  }

  hidden(now: number): void {
    this.hiddenAt = now
  }

  // visible: phones freeze pages without closing their sockets, so after a while one is asked over HTTP whether it missed something.
  async visible(now: number): Promise<void> {
    this.online()
    if (!this.isUp || !this.ws || now - this.hiddenAt < longHidden) return
    const probed = this.ws
    try {
      const after = await this.link.cursor()
      const { frames } = await this.link.poll(after, 0, AbortSignal.timeout(5000))
      if (frames.length > 0 && this.ws === probed) this.hangUp?.()
    } catch {
      if (this.ws === probed) this.hangUp?.()
    }
  }

  private rise(): void {
    this.isUp = true
    this.tries = 0
    this.link.joined()
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer)
        this.skipPause = undefined
        resolve()
      }
      const timer = setTimeout(end, ms)
      this.skipPause = end
    })
  }

  // follow resolves when the socket has ended, for whatever reason.
  private async follow(token: string, after: string): Promise<void> {
    let live = false
    const code = await new Promise<number>((resolve) => {
      let ws: WebSocket
      try {
        ws = this.link.socket()
      } catch {
        resolve(0)
        return
      }
      this.ws = ws
      const end = (why: number): void => {
        clearTimeout(timer)
        ws.onopen = ws.onmessage = ws.onclose = null
        ws.close()
        this.ws = this.hangUp = undefined
        resolve(why)
      }
      const timer = setTimeout(() => end(0), handshake)
      this.hangUp = () => end(0)
      ws.onopen = () => ws.send(JSON.stringify({ type: 'hello', token, after }))
      ws.onclose = (e) => end(e.code)
      ws.onmessage = (e) => {
        const frame = parseFrame(e.data)
        if (!frame) return
        this.link.frame(frame)
        if (frame.type === 'live' && !live) {
          live = true
          clearTimeout(timer)
          this.deadSockets = 0
          this.rise()
        }
      }
    })
    if (code === 4401) await this.link.renew()
    else if (!live) this.deadSockets++
  }

  private async longPoll(after: string): Promise<void> {
    const end = new AbortController()
    this.hangUp = () => end.abort()
    const until = Date.now() + socketAgain
    let cursor = after
    let worked = false
    try {
      while (!this.stopped && Date.now() < until) {
        // The first one does not wait: it tells at once whether this way works.
        const batch = await this.link.poll(cursor, worked ? pollWait : 0, end.signal)
        for (const frame of batch.frames) if (isFrame(frame)) this.link.frame(frame)
        cursor = batch.cursor
        this.link.frame({ type: 'live', cursor })
        if (!worked) {
          worked = true
          this.rise()
        }
      }
      this.deadSockets = 1
    } finally {
      this.hangUp = undefined
      // Neither way works: then it is not the sockets' fault.
      if (!worked) this.deadSockets = 0
    }
  }
}
