import { expect, it } from 'vitest'
import type { Conversation } from '../api'
import { mergePages } from './pages'

const c = (id: string, rev: number, last_at: number) => ({ id, rev, last_at }) as Conversation
const shown = (all: Conversation[]) => all.map((i) => `${i.id}${i.rev}`).join(' ')

it('shows a conversation that moved between the pages once, as it is now, where it belongs', () => {
  const first = { conversations: [c('a', 1, 90), c('b', 4, 80)] }
  const second = { conversations: [c('d', 2, 95), c('b', 5, 99), c('c', 1, 70)] }
  expect(shown(mergePages([first, second]))).toBe('b5 d2 a1 c1')
})

it('keeps what an event has told since the page was loaded', () => {
  expect(shown(mergePages([{ conversations: [c('a', 7, 90)] }, { conversations: [c('a', 6, 80)] }]))).toBe('a7')
  expect(mergePages([{ conversations: [c('a', 7, 90)] }, { conversations: [c('a', 7, 80)] }])[0]?.last_at).toBe(90)
})

it('is empty before the first page', () => {
  expect(mergePages(undefined)).toEqual([])
})
