import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { line } from './line'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('does not believe a socket that has gone silent, unless the gateway never said that it would be heard', async () => {
  const sockets: { onmessage?: (e: { data: string }) => void; closed: boolean; close(): void }[] = []
  const says = (frame: object): void => sockets.at(-1)?.onmessage?.({ data: JSON.stringify(frame) })
  const heard: string[] = []
  const l = line({
    token: async () => 't', renew: async () => undefined, cursor: async () => '1', poll: () => Promise.reject(new Error('away')),
    socket: () => {
      sockets.push({ closed: false, close() { this.closed = true } })
      return sockets.at(-1) as unknown as WebSocket
    },
    frame: (f) => heard.push(f.type), joined: () => undefined, lost: () => undefined,
  })
  void l.run()
  await vi.advanceTimersByTimeAsync(0)
  says({ type: 'live', cursor: '1' })
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(sockets.length).toBe(1)
  says({ type: 'live', cursor: '1', beat: 25 })
  for (let n = 0; n < 20; n++) {
    await vi.advanceTimersByTimeAsync(25_000)
    says({ type: 'beat' })
  }
  expect(sockets.length).toBe(1)
  await vi.advanceTimersByTimeAsync(90_000)
  expect(sockets[0]?.closed).toBe(true)
  expect(sockets.length).toBeGreaterThan(1)
  expect(heard).toEqual(['live', 'live'])
  l.stop()
})
