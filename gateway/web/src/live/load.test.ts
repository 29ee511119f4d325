import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { View } from '../api'
import { Brand, me, numbers } from './fake/brand'
import { Page } from './fake/page'
import type { ListKey } from './lists'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const lists: ListKey[] = [{ view: 'mine', state: 'open', search: '' }, { view: 'queue', state: 'open', search: '' }]
const seconds = 60
const perSecond = 50

/** busy is a minute of a brand with 2,000 open conversations and 200 agents, seen from one agent's page. */
async function busy(shown: View) {
  const dice = numbers(7)
  const brand = new Brand(50)
  for (let i = 0; i < 2_000; i++) {
    brand.open(`c${i}`, i < 5 ? { owner: 'agent', agent: { id: me.id, name: me.name }, skill: 'care' } : i < 400 ? { owner: 'queue', skill: 'care' } : {})
  }
  const page = new Page(brand)
  lists.forEach((l) => page.openList(l))
  if (shown === 'all') page.openList({ view: 'all', state: 'open', search: '' })
  page.caches.shown = shown
  page.openConversation('c0')
  await page.settle()
  const before = page.asked
  for (let i = 0; i < seconds * perSecond; i++) {
    brand.say(`c${dice(2_000)}`, dice(3) ? 'consumer' : 'agent')
    // Ten times a second somebody's conversation changes hands, is offered or is opened; the open one is busy, too.
    if (i % 5 === 0) brand.own(`c${5 + dice(1_995)}`, dice(2) ? 'queue' : 'agent', 'she')
    if (i % 25 === 0) brand.offer(`c${5 + dice(395)}`, `agent-${dice(200)}`)
    if (i % 25 === 10) brand.open(`n${i}`)
    if (i % 10 === 5) brand.say('c0', 'consumer')
    page.hear(8)
    page.asks.splice(0).forEach((a) => a.arrive())
    await vi.advanceTimersByTimeAsync(1_000 / perSecond)
  }
  const rate = (page.asked - before) / seconds
  await page.settle()
  const shownRows = page.thread('c0')?.lines.length
  page.close()
  return { rate, shownRows, want: brand.messages.get('c0')?.length }
}

describe('fifty messages a second', () => {
  for (const [view, most] of [['mine', 0.2], ['queue', 0.8], ['all', 0.8]] as const) {
    it(`cost a page that shows ${view} less than a request a second`, async () => {
      const { rate, shownRows, want } = await busy(view)
      expect(rate).toBeLessThan(most)
      expect(shownRows).toBe(want)
    }, 60_000)
  }
})
