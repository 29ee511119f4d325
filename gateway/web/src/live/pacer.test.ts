import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Pacer } from './pacer'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('serves the most urgent first, and lets no wish wait for ever', async () => {
  const pacer = new Pacer(() => Date.now())
  const served: string[] = []
  const always = (key: string, urgency: number) => pacer.wish(key, urgency, () => {
    served.push(key)
    queueMicrotask(() => always(key, urgency))
  })
  pacer.wish('session', 3, () => served.push('session'))
  always('list', 2)
  always('one', 0)
  await vi.advanceTimersByTimeAsync(15_000)
  pacer.clear()
  expect(served.slice(0, 2)).toEqual(['one', 'one'])
  expect(served.length).toBe(10)
  expect(served).toContain('list')
  expect(served).toContain('session')
})

it('asks no more often than every second and a half, whatever is wished', async () => {
  const pacer = new Pacer(() => Date.now())
  const at: number[] = []
  for (let i = 0; i < 600; i++) {
    pacer.wish(`read ${i % 3}`, 2, () => at.push(Date.now()))
    pacer.wish(`list ${i % 2}`, 2, () => at.push(Date.now()))
    await vi.advanceTimersByTimeAsync(50)
  }
  pacer.clear()
  expect(at.length).toBe(20)
})

it('waits for no answer for ever', async () => {
  const pacer = new Pacer(() => Date.now())
  const served: string[] = []
  pacer.wish('lost', 0, () => new Promise(() => served.push('lost')))
  pacer.wish('next', 1, () => served.push('next'))
  await vi.advanceTimersByTimeAsync(10_000)
  expect(served).toEqual(['lost'])
  await vi.advanceTimersByTimeAsync(60_000)
  expect(served).toEqual(['lost', 'next'])
})
