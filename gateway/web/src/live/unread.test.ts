import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { joinMarks, Unread } from './unread'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('unread marks', () => {
  it('are bounded, the latest stay', () => {
    const unread = new Unread()
    for (let i = 1; i <= 500; i++) unread.note(`c${i}`, i)
    expect(Object.keys(unread.get())).toHaveLength(200)
    expect(unread.get()['c500']).toEqual({ seen: 0, count: 1, last: 500 })
    expect(unread.get()['c1']).toBeUndefined()
  })

  it('are written once for many messages', () => {
    const unread = new Unread()
    const put = vi.spyOn(unread.shelf, 'put')
    for (let i = 1; i <= 500; i++) unread.note('c1', i)
    expect(put).not.toHaveBeenCalled()
    vi.advanceTimersByTime(2_000)
    expect(put).toHaveBeenCalledTimes(1)
    expect(unread.get()['c1']).toEqual({ seen: 0, count: 500, last: 500 })
    vi.advanceTimersByTime(60_000)
    expect(put).toHaveBeenCalledTimes(1)
  })

  it('join what two tabs know, whoever looked later', () => {
    const a = { c1: { seen: 5, count: 0, last: 5 }, c2: { seen: 0, count: 2, last: 9 } }
    const b = { c1: { seen: 3, count: 1, last: 4 }, c3: { seen: 1, count: 0, last: 1 } }
    expect(joinMarks(a, b)).toEqual(joinMarks(b, a))
    expect(joinMarks(a, b)['c1']).toEqual({ seen: 5, count: 0, last: 5 })
  })

  it('are gone at the end of a session', () => {
    const unread = new Unread()
    unread.see('c1', 4)
    unread.forget()
    expect(unread.get()).toEqual({})
  })
})
