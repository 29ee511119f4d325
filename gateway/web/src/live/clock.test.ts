import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { gatewayNow, noteDate } from './clock'

const noon = Date.UTC(2026, 10, 29, 12)
const says = (ms: number) => noteDate(new Date(ms).toUTCString())

beforeEach(() => void vi.useFakeTimers({ now: noon }))
afterEach(() => void vi.useRealTimers())

it('goes by the gateway when the machine is wrong, and by the machine when it is about right', () => {
  says(noon - 1_000)
  noteDate(null)
  noteDate('soon')
  expect(gatewayNow()).toBe(noon)
  says(noon - 600_000)
  expect(gatewayNow()).toBe(noon - 599_500)
  vi.setSystemTime(noon + 5_000)
  says(noon - 595_000)
  expect(gatewayNow()).toBe(noon - 594_500)
  says(noon - 594_000) // it jumps for no rounding
  expect(gatewayNow()).toBe(noon - 594_500)
  vi.setSystemTime(noon - 594_000) // somebody put the clock right
  says(noon - 594_000)
  expect(gatewayNow()).toBe(noon - 594_000)
})
