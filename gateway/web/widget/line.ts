import { Refused } from './api'
import { json } from './keep'
import type { Frame } from './wire'

// A Line keeps the widget joined to the gateway's event log: by a socket, or by long polls where sockets do not pass.

export interface Uplink {
  token(): Promise<string> // a session, made when there is none
  renew(): Promise<void> // exchanges a token that was refused
  cursor(): Promise<string> // where to go on; loads the history when nothing was read yet
  poll(after: string, wait: number, signal: AbortSignal): Promise<{ frames: Frame[]; cursor: string }>
  socket(): WebSocket
  frame(f: Frame): void
  joined(): void
  lost(why: unknown): void
}

const handshake = 10_000 // ms from dialling to the live frame
const closedByUs = -1
const pollWait = 25 // s
const missedBeats = 2.4 // of those that the gateway has promised: then it is not there
const longHidden = 30_000 // ms after which a socket that looks open is not believed

// backoff is the pause before try n (0, 1, …) in ms: 0.5 to 30 s, spread so that not all visitors return at once.
export function backoff(n: number, random: number): number {
  const top = Math.min(30_000, 1000 * 2 ** Math.min(n, 10))
  return Math.max(500, top * (0.5 + random / 2))
}

export function line(link: Uplink) {
  let stopped = false
  let tries = 0
  let ws: WebSocket | undefined
  let hangUp: (() => void) | undefined
  let skipPause: (() => void) | undefined
  let isUp = false
  let hiddenAt = 0

  async function run(): Promise<void> {
    while (!stopped) {
      let why: unknown
      try {
        await link.token()
        const after = await link.cursor()
        if (stopped) return
        // A page's policy, a proxy or a gateway that is away end a socket before it lives. A poll tells which, at once.
        if (!(await follow(await link.token(), after)) && !stopped) await longPoll(after)
      } catch (e) {
        why = e
        if (e instanceof Refused && e.status === 401) await link.renew().catch((again: unknown) => (why = again))
      }
      if (stopped) return
      isUp = false
      link.lost(why)
      await pause(backoff(tries++, Math.random()))
    }
  }

  function stop(): void {
    stopped = true
    hangUp?.()
    skipPause?.()
  }

  // say sends a frame if there is a socket to send it on.
  function say(frame: object): boolean {
    if (!isUp || !ws) return false
    ws.send(json(frame))
    return true
  }

  function offline(): void {
    hangUp?.()
  }

  function online(): void {
    tries = 0
    skipPause?.()
  }

  function hidden(now: number): void {
    hiddenAt = now
  }

  // Phones freeze pages without closing their sockets: one that slept is not believed, and resuming costs little.
  function visible(now: number): void {
    online()
    if (now - hiddenAt > longHidden) hangUp?.()
  }

  function rise(): void {
    isUp = true
    tries = 0
    link.joined()
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer)
        skipPause = undefined
        resolve()
      }
      const timer = setTimeout(end, ms)
      skipPause = end
    })
  }

  // follow resolves when the socket has ended, for whatever reason: false when it never lived and nothing says that it could.
  async function follow(token: string, after: string): Promise<boolean> {
    let live = false
    const code = await new Promise<number>((resolve) => {
      let mine: WebSocket
      try {
        mine = link.socket()
      } catch {
        resolve(0)
        return
      }
      ws = mine
      const end = (why: number): void => {
        clearTimeout(timer)
        mine.onopen = mine.onmessage = mine.onclose = mine.onerror = null
        mine.close()
        ws = hangUp = undefined
        resolve(why)
      }
      let timer = setTimeout(() => end(0), handshake)
      let beat = 0 // s
      hangUp = () => end(closedByUs)
      mine.onopen = () => mine.send(json({ type: 'hello', token, after }))
      mine.onclose = (e) => end(e.code)
      mine.onerror = () => end(0) // all that Chrome tells of a socket that the page's policy forbids
      mine.onmessage = (e) => {
        const frame = JSON.parse(e.data as string) as Frame | { type: 'beat' }
        if (frame.type === 'live') beat = frame.beat ?? 0
        // A network can forget a socket and tell nobody: what the gateway says in between shows that it is there.
        if (live || frame.type === 'live') clearTimeout(timer)
        if (beat > 0) timer = setTimeout(() => end(0), beat * 1000 * missedBeats)
        if (frame.type === 'beat') return
        link.frame(frame)
        if (frame.type === 'live' && !live) {
          live = true
          rise()
        }
      }
    })
    if (code === 4401) await link.renew()
    return live || code === 4401 || code === closedByUs
  }

  async function longPoll(after: string): Promise<void> {
    const end = new AbortController()
    hangUp = () => end.abort()
    let cursor = after
    let worked = false
    try {
      while (!stopped) {
        // The first one does not wait: it tells at once whether this way works.
        const batch = await link.poll(cursor, worked ? pollWait : 0, end.signal)
        for (const frame of batch.frames) link.frame(frame)
        cursor = batch.cursor
        link.frame({ type: 'live', cursor })
        if (!worked) {
          worked = true
          rise()
        }
      }
    } finally {
      hangUp = undefined // the next try starts with a socket
    }
  }

  return { run, stop, say, offline, online, hidden, visible }
}
