import { expect, it } from 'vitest'
import { countPending } from './useCalmList'

const rows = (ids: string) => [...ids].map((id) => ({ id }))

it.each([
  ['abcd', 'abcd', 0],
  ['abcd', 'dabc', 1],
  ['abcd', 'dcab', 2],
  ['abcd', 'xabcd', 1],
  ['abcd', 'abd', 1],
  ['abcd', 'bcd', 1],
  ['abcd', 'xdab', 3],
  ['', 'ab', 2],
])('from %s to %s waits %i', (held, fresh, count) => {
  expect(countPending(rows(held), rows(fresh))).toBe(count)
})
