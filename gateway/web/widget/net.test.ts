import { describe, expect, test } from 'vitest'
import { now, pass, setUp, texts, virtualTime } from './fake/chat'
import { backoff } from './line'

virtualTime()

describe('joining', () => {
  test('makes a session, loads the history and follows', async () => {
    const { gateway, chat, keep } = setUp()
    gateway.history(3, now - 600_000)
    chat.start()
    await pass()
    expect(chat.state.phase).toBe('live')
    expect(keep.session()?.token).toBe('token-1')
    gateway.say('bot', { text: 'Hi' }, 'Billing bot')
    await pass()
    expect(texts(chat)).toEqual(['Line 1', 'Line 2', 'Line 3', 'Hi'])
  })

  test('an old token is exchanged; one of another server is forgotten', async () => {
    const { chat, keep } = setUp()
    keep.setSession({ token: 'foreign', visitor: 'v0', brand: { name: 'Old' } })
    chat.start()
    await pass()
    expect(chat.state.phase).toBe('live')
    expect(keep.session()).toMatchObject({ token: 'token-1', visitor: 'v1' })
  })

  test('the token of a draft link goes with every exchange', async () => {
    const { gateway, chat, keep } = setUp({ draft: 'link' })
    keep.setSession({ token: 'foreign', visitor: 'v0', brand: { name: 'Old' } })
    chat.start()
    await pass()
    expect(chat.state.phase).toBe('live')
    expect(gateway.exchanges).toMatchObject([{ token: 'foreign', language: 'en', draft: 'link' }, { language: 'en', draft: 'link' }])
    expect(gateway.exchanges[1]).not.toHaveProperty('token')
  })

  test('4401 gets a new session and goes on', async () => {
    const { gateway, chat } = setUp()
    chat.start()
    await pass()
    gateway.validToken = 'token-2'
    gateway.cutSockets(4401)
    await pass(2000)
    expect(chat.state.phase).toBe('live')
  })

  test('a gateway that refuses is asked ever more seldom', async () => {
    const { gateway, chat } = setUp()
    gateway.refuse = { status: 404, body: { code: 'not_found', message: 'No such channel.' } }
    chat.start()
    await pass(120_000)
    expect(chat.state.phase).toBe('lost')
    expect(gateway.requests.length).toBeLessThan(12)
  })
})

describe('connection', () => {
  test('a cut socket resumes by cursor, once each', async () => {
    const { gateway, net, chat } = setUp()
    chat.start()
    await pass()
    gateway.say('bot', { text: 'one' })
    await pass()
    net.down = true
    gateway.cutSockets()
    gateway.say('agent', { text: 'two' }, 'Ana')
    await pass(3000)
    expect(chat.state.phase).toBe('lost')
    net.down = false
    chat.online()
    await pass(2000)
    expect(texts(chat)).toEqual(['one', 'two'])
    expect(chat.state.phase).toBe('live')
  })

  test('a refused socket leads to long polls, at once', async () => {
    const { gateway, chat } = setUp()
    gateway.refuseSockets = true
    chat.start()
    await pass(50)
    expect(chat.state.phase).toBe('live')
    expect(gateway.requests).toContain('GET /events')
    gateway.say('bot', { text: 'polled' })
    await pass()
    expect(texts(chat)).toEqual(['polled'])
    chat.watch(true)
    await pass(500)
    expect(gateway.requests).toContain('POST /receipts')
    chat.typing()
    await pass()
    expect(gateway.typed).toEqual([true])
  })

  test('a server that is away is not taken for a network without sockets', async () => {
    const { net, gateway, chat } = setUp()
    chat.start()
    await pass()
    net.down = true
    gateway.cutSockets()
    await pass(90_000)
    net.down = false
    await pass(90_000)
    expect(chat.state.phase).toBe('live')
  })

  test('a reset loads the messages again', async () => {
    const { gateway, chat } = setUp()
    const hear = gateway.hear.bind(gateway)
    chat.start()
    await pass()
    gateway.say('bot', { text: 'kept' })
    await pass()
    gateway.hear = (peer) => peer.send({ type: 'reset', cursor: '1' })
    gateway.history(0, now)
    gateway.cutSockets()
    await pass(1500)
    gateway.hear = hear
    expect(texts(chat)).toEqual(['kept'])
    expect(gateway.requests.filter((r) => r === 'GET /messages')).toHaveLength(2)
  })

  test.each([0, 1, 3, 6, 40])('backoff %i stays in 0.5 to 30 s', (n) => {
    for (const random of [0, 0.5, 0.999]) {
      expect(backoff(n, random)).toBeGreaterThanOrEqual(500)
      expect(backoff(n, random)).toBeLessThanOrEqual(30_000)
    }
    expect(backoff(n + 5, 0)).toBeGreaterThan(backoff(0, 0))
  })
})

describe('sending', () => {
  test('goes through the states, and a receipt that overtakes is not undone', async () => {
    const { gateway, chat } = setUp()
    gateway.onMessage = (m) => gateway.setState(m.id, 'read')
    chat.start()
    await pass()
    chat.send({ text: 'Hello' })
    expect(chat.state.entries[0]?.state).toBe('sending')
    await pass()
    expect(chat.state.entries).toHaveLength(1)
    expect(chat.state.entries[0]).toMatchObject({ state: 'read', pending: false })
  })

  test('what was written without a network is sent once, in order, also after a reload', async () => {
    const first = setUp()
    first.chat.start()
    await pass()
    first.net.down = true
    first.gateway.cutSockets()
    first.chat.send({ text: 'a' })
    first.chat.send({ text: 'b' })
    await pass(5000)
    expect(first.gateway.messages).toHaveLength(0)
    first.chat.stop()

    const second = setUp({ store: first.store, gateway: first.gateway })
    second.chat.start()
    expect(texts(second.chat)).toEqual(['a', 'b'])
    await pass(100)
    expect(first.gateway.messages.map((m) => m.content.text)).toEqual(['a', 'b'])
    expect(texts(second.chat)).toEqual(['a', 'b'])
    expect(second.keep.outbox()).toEqual([])
  })

  test('an answer that got lost repeats nothing', async () => {
    const { gateway, chat, keep } = setUp()
    gateway.loseAnswers = 1
    chat.start()
    await pass()
    chat.send({ text: 'once' })
    await pass(60_000)
    expect(gateway.messages).toHaveLength(1)
    expect(texts(chat)).toEqual(['once'])
    expect(keep.outbox()).toEqual([])
  })

  test('a refused message says so, does not hold up the next, and can be tried again', async () => {
    const { gateway, chat } = setUp()
    chat.start()
    await pass()
    chat.send({ text: 'refuse me' })
    chat.send({ text: 'fine' })
    await pass(50)
    const failed = chat.state.entries.find((e) => e.state === 'failed')
    expect(failed).toMatchObject({ content: { text: 'refuse me' }, error: 'Not this.' })
    expect(gateway.messages.map((m) => m.content.text)).toEqual(['fine'])
    chat.retry(failed?.clientId ?? '')
    expect(chat.state.entries.at(-1)?.state).toBe('sending')
    await pass(50)
    expect(gateway.requests.filter((r) => r === 'POST /messages')).toHaveLength(3)
  })

  test('a choice is sent as a choice', async () => {
    const { gateway, chat } = setUp()
    chat.start()
    chat.send({ choice: { id: 'o', label: 'Order 48213' } })
    await pass(50)
    expect(gateway.messages[0]?.content).toEqual({ text: 'Order 48213', picked: { id: 'o', label: 'Order 48213' } })
  })
})

describe('receipts and typing', () => {
  test('delivered on arrival, read when watched, each told once', async () => {
    const { gateway, chat } = setUp()
    chat.start()
    await pass()
    const m = gateway.say('bot', { text: 'Hi' })
    await pass(1000)
    expect(gateway.receipts).toEqual([{ delivered: [m.id], read: [] }])
    chat.watch(true)
    await pass(1000)
    expect(gateway.receipts).toEqual([{ delivered: [m.id], read: [] }, { delivered: [], read: [m.id] }])
  })

  test('at most 50 in one go', async () => {
    const { gateway, chat } = setUp()
    chat.start()
    await pass()
    for (let i = 0; i < 120; i++) gateway.say('bot', { text: 'x' })
    await pass(3000)
    expect(gateway.receipts.map((r) => r.delivered.length)).toEqual([50, 50, 20])
  })

  test('typing is told every 3 s and ends 5 s after the last key', async () => {
    const { gateway, chat } = setUp()
    chat.start()
    await pass()
    for (let i = 0; i < 8; i++) {
      chat.typing()
      await pass(500)
    }
    expect(gateway.typed).toEqual([true, true])
    await pass(5000)
    expect(gateway.typed).toEqual([true, true, false])
  })

  test('the typing of others ends by itself', async () => {
    const { gateway, chat } = setUp()
    chat.start()
    await pass()
    gateway.typing(true)
    await pass()
    expect(chat.state.typing).toMatchObject({ author: 'bot' })
    await pass(10_000)
    expect(chat.state.typing).toBeUndefined()
  })
})

test('older pages load upward until there are none', async () => {
  const { gateway, chat } = setUp()
  gateway.history(70, now - 90 * 60_000)
  chat.start()
  await pass()
  expect(chat.state.entries).toHaveLength(30)
  await chat.older()
  await chat.older()
  expect(texts(chat)).toEqual(Array.from({ length: 70 }, (_, i) => `Line ${i + 1}`))
  expect(chat.state.more).toBe(false)
})
