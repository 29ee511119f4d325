import { expect, it } from 'vitest'
import type { Conversation } from '../../api'
import { inOrder } from './order'

const c = (id: string, over: Partial<Conversation>) => ({ id, priority: 5, created_at: 0, last_at: 0, ...over }) as Conversation
const ids = (all: Conversation[]) => all.map((i) => i.id).join('')

it('puts the queue in the order of routing: priority 1 first, then the longest wait', () => {
  expect(ids(inOrder('queue', [c('a', { queued_at: 3 }), c('b', { queued_at: 2 }), c('c', { priority: 1, queued_at: 9 })]))).toBe('cba')
})

it('puts the newest activity first elsewhere', () => {
  expect(ids(inOrder('mine', [c('a', { last_at: 1 }), c('b', { last_at: 3 }), c('c', { last_at: 2 })]))).toBe('bca')
})
