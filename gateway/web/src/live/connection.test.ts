import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Connection, type ConnectionState } from './connection'

// A network that may swallow everything without saying so: a laptop that slept, a NAT that forgot, a portal that never answers.

class Socket {
  static readonly OPEN = 1
  static all: Socket[] = []
  readyState = 0
  closed = false
  onopen?: () => void
  onmessage?: (m: { data: string }) => void
  onclose?: (e: { code: number }) => void

  constructor() {
    Socket.all.push(this)
  }

  send() {
    // The hello.
  }

  close() {
    this.closed = true
  }

  /** says opens it, if it is not yet, and gives the page a frame. */
  says(frame: object) {
    if (this.readyState === 0) {
      this.readyState = Socket.OPEN
      this.onopen?.()
    }
    this.onmessage?.({ data: JSON.stringify(frame) })
  }
}

const live = (beat?: number) => ({ type: 'live', cursor: 'c1', build: 'b', ...(beat ? { beat } : {}) })
const newest = () => Socket.all.at(-1) as Socket

let states: ConnectionState[]
let connection: Connection
let seen: EventTarget & { visibilityState?: string }

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 29, 22) })
  Socket.all = []
  states = []
  seen = Object.assign(new EventTarget(), { visibilityState: 'visible' })
  vi.stubGlobal('WebSocket', Socket)
  vi.stubGlobal('window', new EventTarget())
  vi.stubGlobal('document', seen)
  vi.stubGlobal('location', { protocol: 'https:', host: 'desk.example' })
  const nothing = () => undefined
  connection = new Connection('c0', 'u-ana', { event: nothing, typing: nothing, counters: nothing, reset: nothing, build: nothing, ended: nothing, state: (s) => states.push(s) })
  connection.start()
})
afterEach(() => {
  connection.stop()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

it('does not believe a socket that has gone silent', async () => {
  newest().says(live(25))
  for (let n = 0; n < 100; n++) {
    await vi.advanceTimersByTimeAsync(25_000)
    newest().says({ type: 'beat' })
  }
  expect([Socket.all.length, states]).toEqual([1, ['live']])
  await vi.advanceTimersByTimeAsync(90_000)
  expect(states).toContain('lost')
  expect(Socket.all[0]?.closed).toBe(true)
  newest().says(live(25))
  expect(states).toEqual(['live', 'lost', 'live'])
})

it('believes one whose gateway never said that it would be heard', async () => {
  newest().says(live())
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(states).toEqual(['live'])
})

it('comes back at once when the machine wakes', async () => {
  newest().says(live(25))
  vi.setSystemTime(Date.UTC(2026, 10, 30, 8)) // no timer ran meanwhile
  seen.dispatchEvent(new Event('visibilitychange'))
  expect(Socket.all.length).toBe(2)
  newest().says(live(25))
  await vi.advanceTimersByTimeAsync(1_000)
  seen.dispatchEvent(new Event('visibilitychange'))
  expect(Socket.all.length).toBe(2) // this one was heard just now
})

it('dials again when nobody answers', async () => {
  await vi.advanceTimersByTimeAsync(25_000)
  expect(Socket.all.length).toBe(2)
  expect(Socket.all[0]?.closed).toBe(true)
  await vi.advanceTimersByTimeAsync(5_000)
  window.dispatchEvent(new Event('online'))
  expect(Socket.all.length).toBe(3)
  window.dispatchEvent(new Event('online')) // but not for every flicker
  expect(Socket.all.length).toBe(3)
})

it('gives a long poll an end', async () => {
  const polls: AbortSignal[] = []
  vi.stubGlobal('fetch', (_url: string, { signal }: { signal: AbortSignal }) => {
    polls.push(signal)
    return new Promise((_none, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))
  })
  for (let n = 0; n < 2; n++) {
    newest().onclose?.({ code: 1006 })
    await vi.advanceTimersByTimeAsync(2_000)
  }
  expect(polls.length).toBe(1)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(polls[0]?.aborted).toBe(true)
  expect(Socket.all.length).toBeGreaterThan(2) // and goes on
})
