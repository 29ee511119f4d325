import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Conversation, Detail } from '../api'
import { Brand, numbers } from './fake/brand'
import { Page } from './fake/page'
import { type ListData, type ListKey, rowsOf } from './lists'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const views: ListKey[] = [{ view: 'mine', state: 'open', search: '' }, { view: 'queue', state: 'open', search: '' }, { view: 'all', state: 'any', search: '' }]
const owners = ['bot', 'queue', 'agent'] as const

const told = (c: Conversation) => ({ id: c.id, owner: c.owner, state: c.state, agent: c.agent?.id, offer: c.offer?.agent.id, rev: c.rev, preview: c.preview, last: c.last_at })
const byId = (all: Conversation[]) => all.map(told).sort((a, b) => (a.id < b.id ? -1 : 1))

function expectTrue(page: Page, brand: Brand, conversations: string[]) {
  for (const id of conversations) {
    const t = page.thread(id)
    const all = brand.messages.get(id) ?? []
    const lines = t?.lines.map((l) => [l.id, l.state])
    expect(lines?.join(' '), `${id}: everything from the first shown to the newest, as it is now`).toBe(all.slice(all.length - (lines?.length ?? 0)).map((m) => [m.id, m.state]).join(' '))
    expect(t?.lines.length ?? 0, `${id}: at least a page`).toBeGreaterThanOrEqual(Math.min(all.length, brand.pageSize))
    expect(t?.more).toBe((lines?.length ?? 0) < all.length)
    const d = page.queries.getQueryData<Detail>(['detail', id])
    expect(d && told(d.conversation)).toEqual(told(brand.of(id)))
  }
  for (const key of views) {
    const data = page.queries.getQueryData<ListData>(['list', key.view, key.state, key.search])
    const query = page.queries.getQueryCache().find({ queryKey: ['list', key.view, key.state, key.search] })
    // A list that is not on the screen may wait for the next look, if it knows that it must.
    if (key.view === 'queue' && query?.state.isInvalidated) continue
    expect(data && byId(rowsOf(data)), key.view).toEqual(byId(brand.list(key).conversations))
  }
}

/** play lets a brand live, a network delay, and an agent click around, all by chance. */
async function play(seed: number, steps: number) {
  const dice = numbers(seed)
  const brand = new Brand(3 + dice(4))
  const ids = ['a', 'b', 'c']
  ids.forEach((id) => brand.open(id))
  for (let i = dice(12); i > 0; i--) brand.say(ids[dice(3)] ?? 'a', dice(2) ? 'consumer' : 'agent')
  const page = new Page(brand)
  views.forEach((v) => page.openList(v))
  const opened = new Set<string>()
  const open = (id: string) => {
    opened.add(id)
    return page.openConversation(id)
  }
  let shut = open('a')
  const act = [
    () => brand.say(ids[dice(ids.length)] ?? 'a', dice(2) ? 'consumer' : 'agent', dice(5) === 0),
    () => brand.say('a', 'agent'),
    () => {
      const id = ids[dice(3)] ?? 'a'
      brand.status(id, dice(brand.messages.get(id)?.length || 1), (['sent', 'delivered', 'read'] as const)[dice(3)] ?? 'sent')
    },
    () => {
      const id = ids[dice(ids.length)] ?? 'a'
      const owner = owners[dice(3)] ?? 'bot'
      if (brand.of(id).state === 'open') brand.own(id, owner, owner === 'agent' ? (dice(2) ? 'me' : 'she') : undefined)
    },
    () => brand.offer(ids[dice(ids.length)] ?? 'a', dice(2) ? 'me' : 'she'),
    () => brand.endOffer(ids[dice(ids.length)] ?? 'a'),
    () => {
      if (ids.length >= 6) return
      const id = `n${ids.length}`
      ids.push(id)
      brand.open(id)
    },
    () => page.follow(),
    () => page.hear(1 + dice(3)),
    () => page.hear(1 + dice(3)),
    () => page.asks[dice(page.asks.length || 1)]?.read(),
    () => page.asks.splice(dice(page.asks.length || 1), 1)[0]?.arrive(),
    () => page.asks.splice(dice(page.asks.length || 1), 1)[0]?.arrive(),
    () => page.older('a'),
    () => void page.queries.invalidateQueries({ queryKey: ['thread'] }),
    () => void page.queries.invalidateQueries({ queryKey: ['detail'] }),
    () => {
      shut()
      shut = open(ids[dice(3)] ?? 'a')
    },
    () => void vi.advanceTimersByTimeAsync(dice(2_000)),
  ]
  for (let i = 0; i < steps; i++) {
    act[dice(act.length)]?.()
    await page.tick()
  }
  // What is not on the screen catches up when it is looked at again.
  await page.settle()
  const shuts = [...opened].map((id) => page.openConversation(id))
  await page.settle()
  expectTrue(page, brand, [...opened])
  shuts.forEach((f) => f())
  page.close()
}

describe('what is shown is what happened', () => {
  for (let block = 0; block < 10; block++) {
    it(`in whatever order answers and events arrive (${block})`, async () => {
      for (let seed = block * 60; seed < block * 60 + 60; seed++) {
        await play(seed, 50).catch((err: unknown) => {
          throw new Error(`seed ${seed}: ${err instanceof Error ? err.message : String(err)}`, { cause: err })
        })
      }
    }, 120_000)
  }
})

it('asks for nothing when the events tell who was chosen and why', async () => {
  const why = { waited_ms: 5, priority: 1, chosen: { agent: 'she', load: 0, idle_ms: 1 } }
  const brand = new Brand(5)
  brand.open('a', { owner: 'queue', skill: 'care' })
  const page = new Page(brand)
  views.forEach((v) => page.openList(v))
  page.openConversation('a')
  await page.settle()
  const before = page.asked
  brand.offer('a', 'she', why)
  brand.own('a', 'agent', 'she')
  page.hear(2)
  await page.settle()
  const d = () => page.queries.getQueryData<Detail>(['detail', 'a'])
  expect([page.asked - before, d()?.conversation.agent?.id, d()?.why]).toEqual([0, 'she', why])
  page.hear(2) // again
  expect(d()?.why).toEqual(why)
  brand.own('a', 'queue')
  page.hear()
  await page.settle()
  expect([page.asked - before, d()?.why]).toEqual([1, undefined])
  page.close()
})

it('asks why when the offer ran before the page was opened', async () => {
  const brand = new Brand(5)
  brand.open('a', { owner: 'queue', skill: 'care' })
  brand.offer('a', 'she')
  const page = new Page(brand)
  views.forEach((v) => page.openList(v))
  page.openConversation('a')
  await page.settle()
  const before = page.asked
  brand.endOffer('a', 'accepted')
  brand.own('a', 'agent', 'she')
  page.hear(2)
  await page.settle()
  expect(page.asked - before).toBe(1)
  page.close()
})
