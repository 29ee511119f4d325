import type { Counters, Event } from '../api'

export type Typing = { type: 'typing'; conversation: string; author: 'consumer' | 'agent'; name?: string; on: boolean }

/** What the connection tells its owner. */
export type Sink = {
  event(ev: Event): void
  typing(t: Typing): void
  counters(c: Counters): void
  /** The server does not know our cursor: everything shown must be loaded again. */
  reset(cursor: string): void
  /** The server runs this build. */
  build(build: string): void
  /** Nobody is signed in any more. */
  ended(): void
  state(s: ConnectionState): void
}

export type ConnectionState = 'connecting' | 'live' | 'lost'

type Frame =
  | { type: 'live'; cursor?: string; build?: string; beat?: number }
  | { type: 'beat' }
  | { type: 'reset'; cursor?: string }
  | Typing
  | ({ type: 'counters' } & Counters)
  | ({ type?: undefined } & Event)

const socketsBeforePolling = 2
const pollSeconds = 25
const pollsBeforeSocket = 12
const sessionEndedCode = 4401
/** From dialling to the first frame. */
const dialMs = 20_000
/** A socket that dials this long may do so into nothing: what tells that the network is back ends it. */
const dialDoubtMs = 2_000
/** A gateway that says every so many seconds that it is there is gone when it has missed two; after one it is doubted. */
const missedBeats = 2.4
const doubtedBeats = 1.4
/** Beyond what a long poll waits. */
const pollGraceMs = 15_000
const tooLong = 'too long'

/** delayOf is how long to wait before attempt n (from 0): 0.5 s doubling to 30 s, of which a random half is taken. */
export const delayOf = (n: number, random = Math.random()) => Math.min(30_000, 500 * 2 ** n) * (0.5 + random / 2)

/**
 * Connection follows the event log from a cursor: by WebSocket, or by long polling while sockets fail. It resumes
 * where it stopped, so nothing is missed; an event may come twice.
 */
export class Connection {
  private socket?: WebSocket
  private poll?: AbortController
  private timer?: ReturnType<typeof setTimeout>
  private attempts = 0
  private failedSockets = 0
  private stopped = true
  private state: ConnectionState = 'connecting'
  /** The last frame, or the dialling, by this machine's clock, which runs on while the machine sleeps. */
  private heard = 0
  private welcomed = false
  /** How often the gateway lets itself be heard, if it says so. */
  private beatMs?: number
  private watchdog?: ReturnType<typeof setTimeout>

  constructor(
    public cursor: string,
    /** Who follows. When somebody else is signed in by now, the server ends it. */
    private readonly user: string,
    private readonly sink: Sink,
  ) {}

  start() {
    if (!this.stopped) return
    this.stopped = false
    this.state = 'connecting'
    window.addEventListener('online', this.retryNow)
    document.addEventListener('visibilitychange', this.retryNow)
    this.connect()
  }

  stop() {
    this.stopped = true
    window.removeEventListener('online', this.retryNow)
    document.removeEventListener('visibilitychange', this.retryNow)
    clearTimeout(this.timer)
    this.poll?.abort()
    this.hangUp()
  }

  typing(conversation: string, on: boolean) {
    if (this.socket?.readyState === WebSocket.OPEN)
      this.socket.send(JSON.stringify({ type: 'typing', conversation, on }))
  }

  private retryNow = () => {
    if (this.stopped || document.visibilityState === 'hidden') return
    if (this.socket ? Date.now() - this.heard < this.doubtMs() : this.state !== 'lost') return
    this.hangUp()
    this.set('lost')
    this.attempts = 0
    clearTimeout(this.timer)
    this.poll?.abort()
    this.connect()
  }

  private doubtMs() {
    if (!this.welcomed) return dialDoubtMs
    return this.beatMs === undefined ? Infinity : this.beatMs * doubtedBeats
  }

  private hangUp() {
    clearTimeout(this.watchdog)
    const socket = this.socket
    this.socket = undefined
    socket?.close()
  }

  /** hear notes a sign of life. Who gives none for long is gone, even when no network says so. */
  private hear() {
    this.heard = Date.now()
    clearTimeout(this.watchdog)
    if (this.welcomed && this.beatMs === undefined) return
    this.watchdog = setTimeout(() => {
      if (!this.welcomed) this.failedSockets++
      this.hangUp()
      this.again()
    }, this.welcomed && this.beatMs !== undefined ? this.beatMs * missedBeats : dialMs)
  }

  private set(state: ConnectionState) {
    if (state === this.state) return
    this.state = state
    this.sink.state(state)
  }

  private connect() {
    if (this.stopped || this.socket) return
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/v1/live`)
    this.socket = socket
    this.welcomed = false
    this.hear()
    socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', after: this.cursor, user: this.user }))
    socket.onmessage = (msg) => {
      if (this.socket !== socket) return
      const frame = JSON.parse(String(msg.data)) as Frame
      if (frame.type === 'live') {
        this.welcomed = true
        this.beatMs = frame.beat === undefined ? undefined : frame.beat * 1_000
        this.failedSockets = 0
        this.attempts = 0
      }
      this.hear()
      this.take(frame)
    }
    socket.onclose = (e) => {
      if (this.socket !== socket) return
      this.hangUp()
      if (e.code === sessionEndedCode) return this.end()
      if (!this.welcomed) this.failedSockets++
      this.again()
    }
  }

  private take(frame: Frame) {
    switch (frame.type) {
      case 'live':
        if (frame.cursor) this.cursor = frame.cursor
        if (frame.build) this.sink.build(frame.build)
        return this.set('live')
      case 'reset':
        if (frame.cursor) this.cursor = frame.cursor
        return this.sink.reset(this.cursor)
      case 'typing':
        return this.sink.typing(frame)
      case 'counters':
        return this.sink.counters(frame)
      case undefined:
        this.cursor = frame.cursor
        return this.sink.event(frame)
    }
  }

  private end() {
    this.stop()
    this.sink.ended()
  }

  private again() {
    if (this.stopped) return
    this.set('lost')
    clearTimeout(this.timer)
    const polls = this.failedSockets >= socketsBeforePolling
    this.timer = setTimeout(() => (polls ? void this.pollOnce() : this.connect()), delayOf(this.attempts++))
  }

  private async pollOnce() {
    const poll = new AbortController()
    this.poll = poll
    let limit: ReturnType<typeof setTimeout> | undefined
    try {
      for (let n = 0; n < pollsBeforeSocket && !this.stopped && !poll.signal.aborted; n++) {
        // The first poll does not wait: its answer shows that the server is there.
        const wait = this.state === 'live' ? pollSeconds : 0
        const query = new URLSearchParams({ after: this.cursor, wait: String(wait) })
        clearTimeout(limit)
        limit = setTimeout(() => poll.abort(tooLong), wait * 1_000 + pollGraceMs)
        const answer = await fetch(`/api/v1/events?${query}`, { signal: poll.signal, headers: { 'Parley-User': this.user } })
        if (answer.status === 401) return this.end()
        if (!answer.ok) break
        const page = (await answer.json()) as { events: Event[]; cursor: string }
        page.events.forEach((ev) => this.take(ev))
        this.cursor = page.cursor
        this.attempts = 0
        this.set('live')
      }
    } catch {
      // Lost or aborted: the next attempt is a socket again.
    } finally {
      clearTimeout(limit)
    }
    if (poll.signal.aborted && poll.signal.reason !== tooLong) return
    this.failedSockets = socketsBeforePolling - 1
    this.again()
  }
}
