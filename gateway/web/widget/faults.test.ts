import { describe, expect, test } from 'vitest'
import { now, pass, setUp, storage, texts, virtualTime } from './fake/chat'
import { Gateway } from './fake/gateway'
import { room } from './fake/storage'
import type { World } from './net'

// What goes wrong around a chat: storages, other tabs, channels, sites and policies.

virtualTime()

describe('storage', () => {
  test.each([
    ['20 characters left', () => [room(20)]],
    ['none', () => []],
  ])('%s: the chat works, and an unsent text is sent and said to be unsaved', async (_name, stores) => {
    const { gateway, net, chat } = setUp({ stores: stores() })
    chat.start()
    await pass()
    expect(chat.state.phase).toBe('live')
    chat.send({ text: 'a' })
    await pass(50)
    expect(gateway.messages.map((m) => m.content.text)).toEqual(['a'])
    net.down = true
    gateway.cutSockets()
    chat.send({ text: 'b' })
    await pass(50)
    expect(chat.saved()).toBe(false)
    expect(texts(chat)).toEqual(['a', 'b'])
    net.down = false
    chat.online()
    await pass(3000)
    expect(gateway.messages.map((m) => m.content.text)).toEqual(['a', 'b'])
    expect(chat.saved()).toBe(true)
  })

  test('an outbox that cannot be emptied is sent once', async () => {
    const local = room(5000)
    const { gateway, chat } = setUp({ stores: [local] })
    chat.start()
    await pass()
    local.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    chat.send({ text: 'a' })
    await pass(60_000)
    expect(gateway.requests.filter((r) => r === 'POST /messages')).toHaveLength(1)
  })

  test('what another version left behind is sent, once', async () => {
    const local = room(5000, { 'gw-chat:acme.web:outbox': '[{"id":1,"text":"old words"}]' })
    const { gateway, chat } = setUp({ stores: [local] })
    chat.start()
    await pass(60_000)
    expect(gateway.messages.map((m) => m.content.text)).toEqual(['old words'])
  })
})

describe('tabs that start at once', () => {
  const oneByOne = (): NonNullable<World['alone']> => {
    let last: Promise<unknown> = Promise.resolve()
    return (act) => {
      const mine = last.then(act)
      last = mine.catch(() => undefined)
      return mine
    }
  }

  test.each([
    ['with locks', oneByOne()],
    ['without locks', undefined],
  ])('%s they are one visitor', async (_name, alone) => {
    const store = storage()
    const gateway = new Gateway(now)
    let first: string | undefined
    const agree = (own: string): Promise<string> => Promise.resolve((first ??= own))
    const tabs = Array.from({ length: 4 }, () => setUp({ store, gateway, alone, agree }).chat)
    for (const tab of tabs) tab.start()
    await pass(500)
    tabs[0]?.send({ text: 'one' })
    tabs[3]?.send({ text: 'four' })
    await pass(500)
    expect(tabs.map((tab) => tab.state.phase)).toEqual(['live', 'live', 'live', 'live'])
    expect(new Set(tabs.map((tab) => tab.state.visitor)).size).toBe(1)
    expect(gateway.starts).toHaveLength(1)
    for (const tab of tabs) expect(texts(tab)).toEqual(['one', 'four'])
    expect(store.getItem('gw-chat:acme.web:start')).toBeNull()
  })
})

describe('why there is no chat', () => {
  test.each([
    [404, 'There is no such chat.', 'gone'],
    [403, 'This chat may not be shown on https://x.example: allowed_origins of the channel does not list it.', 'barred'],
    [503, 'Busy.', undefined],
  ])('%i', async (status, message, why) => {
    const { gateway, chat } = setUp()
    gateway.refuse = { status, body: { code: 'x', message } }
    chat.start()
    await pass(50)
    expect(chat.state).toMatchObject({ phase: 'lost', why, detail: why && message })
    gateway.refuse = undefined
    await pass(90_000)
    expect(chat.state).toMatchObject({ phase: 'live', why: undefined })
  })

  test('a channel that is removed while it is open', async () => {
    const { gateway, chat } = setUp()
    chat.start()
    await pass()
    gateway.refuse = { status: 404, body: { code: 'not_found', message: 'There is no such chat.' } }
    gateway.refuseSockets = true
    gateway.cutSockets()
    await pass(3000)
    expect(chat.state).toMatchObject({ phase: 'lost', why: 'gone' })
  })

  test('a policy that blocks everything', async () => {
    const { net, chat } = setUp()
    net.down = true
    chat.start()
    chat.block()
    await pass(50)
    expect(chat.state).toMatchObject({ phase: 'lost', why: 'blocked' })
  })
})
