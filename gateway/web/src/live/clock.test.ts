import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Clock } from './clock'

const noon = Date.UTC(2026, 10, 29, 12)

beforeEach(() => void vi.useFakeTimers({ now: noon }))
afterEach(() => void vi.useRealTimers())

it('goes by the gateway when the machine is wrong, and by the machine when it is about right', () => {
  const clock = new Clock()
  const says = (ms: number) => clock.note(new Date(ms).toUTCString())
  says(noon - 1_000)
  clock.note(null)
  clock.note('soon')
  expect(clock.now()).toBe(noon)
  says(noon - 600_000)
  expect(clock.now()).toBe(noon - 599_500)
  vi.setSystemTime(noon + 5_000)
  says(noon - 595_000)
  expect(clock.now()).toBe(noon - 594_500)
  says(noon - 594_000) // it jumps for no rounding
  expect(clock.now()).toBe(noon - 594_500)
  vi.setSystemTime(noon - 594_000) // somebody put the clock right
  says(noon - 594_000)
  expect(clock.now()).toBe(noon - 594_000)
})
