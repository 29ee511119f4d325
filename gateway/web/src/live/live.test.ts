import { describe, expect, it } from 'vitest'
import { advance, type DeliveryState } from '../../text/delivery'
import type { Conversation, Event, Message } from '../api'
import { delayOf } from './connection'
import { applyToConversation } from './conversation'
import { applyToThread, joinOlder, type Line, place, settled, type Thread, threadOf } from './thread'

const message = (over: Partial<Message> = {}): Message => ({
  id: 'm1', conversation: 'c1', seq: 1, author: 'agent', note: false, content: { text: 'Hello' }, state: 'queued', at: 1_000, ...over,
})
const event = (over: Partial<Event>): Event => ({ cursor: 'e1', at: 1_000, kind: 'message', actor: 'system', conversation: 'c1', ...over })
const status = (state: DeliveryState, cursor = 'e9', id = 'm1') => event({ cursor, kind: 'status', status: { message: id, state } })
const thread = (...lines: Line[]): Thread => ({ lines, more: false, cursor: 'e0', page: 'e0' })
const conversation = (over: Partial<Conversation> = {}): Conversation => ({
  id: 'c1', state: 'open', owner: 'queue', rev: 4, channel: 'web', kind: 'webchat', consumer: { id: 'p1', name: 'Maya' },
  preview: 'Hi', preview_author: 'consumer', waiting_since: 900, queued_at: 950, last_at: 900, created_at: 100, tags: [], priority: 0, ...over,
})

describe('delivery state', () => {
  const order: DeliveryState[] = ['queued', 'unknown', 'sent', 'failed', 'delivered', 'read']

  it('never moves back', () => {
    for (const [i, a] of order.entries()) for (const [j, b] of order.entries()) expect(advance(a, b)).toBe(order[Math.max(i, j)])
  })

  it('is the same for every order of receipts', () => {
    const receipts = ['read', 'sent', 'delivered'] as const
    for (const [a, b, c] of [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] as const) {
      const t = [receipts[a], receipts[b], receipts[c]].reduce((s, r) => applyToThread(s, status(r)), thread(message()))
      expect(t.lines[0]?.state).toBe('read')
    }
  })

  it('keeps what a receipt said when the message itself comes again', () => {
    const t = applyToThread(thread(message({ state: 'delivered' })), event({ message: message({ state: 'queued' }) }))
    expect(t.lines.map((l) => l.state)).toEqual(['delivered'])
  })

  it('begins anew when a person has it sent again', () => {
    const failed = applyToThread(thread(message()), event({ kind: 'status', status: { message: 'm1', state: 'failed', failure: 'no such number' } }))
    const again = applyToThread(failed, event({ cursor: 'e10', kind: 'status', status: { message: 'm1', state: 'queued', again: true } }))
    expect(again.lines.map((l) => [l.state, l.failure])).toEqual([['queued', undefined]])
    expect(applyToThread(again, status('sent', 'e11')).lines[0]?.state).toBe('sent')
  })

  it('ignores a receipt for a message that is not there', () => {
    expect(applyToThread(thread(message()), status('read', 'e9', 'other')).lines).toEqual([message()])
  })
})

describe('place', () => {
  const local: Line = message({ id: 'local:k', client_id: 'k-12345678', local: 'sending', at: 2_000 } as Partial<Line>)
  const confirmed = message({ id: 'm7', seq: 7, client_id: 'k-12345678', at: 2_100 })

  it('replaces our own message by its echo', () => {
    expect(place([local], confirmed)).toEqual([confirmed])
  })

  it('does not bring the unconfirmed message back when the echo came first', () => {
    expect(place([confirmed], local)).toEqual([confirmed])
  })

  it('shows a repeated message once', () => {
    const once = place([], message())
    expect(place(once, message())).toEqual(once)
  })

  it('orders late messages by their number within a conversation', () => {
    const late = [3, 1, 2].map((seq) => message({ id: `m${seq}`, seq, at: 1_000 }))
    expect(late.reduce<Line[]>(place, []).map((l) => l.seq)).toEqual([1, 2, 3])
  })

  it('orders conversations by time', () => {
    const newer = message({ id: 'n', conversation: 'c2', seq: 1, at: 5_000 })
    expect(place([newer], message({ seq: 9 })).map((l) => l.id)).toEqual(['m1', 'n'])
  })
})

describe('pages of a thread', () => {
  const page = (ids: number[], more = true, cursor = 'e5') => ({
    messages: ids.map((n) => message({ id: `m${n}`, seq: n, at: n })), more, cursor,
  })
  const newest = (t: Thread | undefined, ...args: Parameters<typeof page>) => settled(t, threadOf(page(...args)))
  const ids = (t: Thread | undefined) => t?.lines.map((l) => l.id)

  it('puts an older page before', () => {
    const t = joinOlder(newest(undefined, [3, 4]), page([1, 2], false, 'e6'), 'm3')
    expect([ids(t), t?.more, t?.cursor]).toEqual([['m1', 'm2', 'm3', 'm4'], false, 'e5'])
  })

  it('keeps older pages when the newest is loaded again', () => {
    const t = newest(thread(...page([1, 2, 3]).messages), [3, 4], true, 'e8')
    expect([ids(t), t.more, t.cursor]).toEqual([['m1', 'm2', 'm3', 'm4'], false, 'e8'])
  })

  it('leaves no gap: starts again when nothing overlaps', () => {
    const t = newest(thread(...page([1, 2]).messages), [8, 9])
    expect([ids(t), t.more]).toEqual([['m8', 'm9'], true])
  })

  it('takes no older page whose place is gone', () => {
    const t = newest(undefined, [8, 9])
    expect(joinOlder(t, page([1, 2], false), 'm3')).toBe(t)
    expect(joinOlder(undefined, page([1, 2], false), 'm3')).toBeUndefined()
  })

  it('joins the same older page twice without forgetting what is before it', () => {
    const one = joinOlder(newest(undefined, [5, 6]), page([3, 4], true), 'm5')
    const two = joinOlder(one, page([1, 2], false), 'm3')
    const again = joinOlder(two, page([3, 4], true), 'm5')
    expect([ids(again), again?.more]).toEqual([['m1', 'm2', 'm3', 'm4', 'm5', 'm6'], false])
  })

  it('does not go back to an answer that was overtaken', () => {
    const t = newest(undefined, [8, 9], true, 'e20')
    expect(ids(newest(t, [1, 2], true, 'e7'))).toEqual(['m8', 'm9'])
    expect(newest(t, [7, 8], true, 'e7').cursor).toBe('e20')
  })

  it('stands at the latest event that it shows', () => {
    const t = applyToThread(newest(undefined, [8], true, 'ea'), event({ cursor: 'e9', message: message() }))
    expect(t.cursor).toBe('ea')
    expect(applyToThread(t, event({ cursor: 'e10', message: message() })).cursor).toBe('e10')
  })
})

describe('applyToConversation', () => {
  const change = (rev: number, over = {}) =>
    event({ kind: 'owner', at: 2_000, change: { state: 'open', owner: 'agent', agent: 'u1', agent_name: 'Ana', rev, ...over } })

  it('takes a newer owner and ends the queue time', () => {
    const c = applyToConversation(conversation(), change(5))
    expect([c.owner, c.agent, c.rev, c.queued_at]).toEqual(['agent', { id: 'u1', name: 'Ana' }, 5, undefined])
  })

  it('ignores an older change', () => {
    const c = conversation()
    expect(applyToConversation(c, change(3))).toBe(c)
  })

  it('ignores events of others', () => {
    const c = conversation({ id: 'c2' })
    expect(applyToConversation(c, change(9))).toBe(c)
  })

  it('starts and ends the wait with messages', () => {
    const answered = applyToConversation(conversation(), event({ message: message({ at: 2_000 }) }))
    expect([answered.waiting_since, answered.preview, answered.preview_author]).toEqual([undefined, 'Hello', 'agent'])
    const asked = applyToConversation(answered, event({ message: message({ id: 'm2', author: 'consumer', at: 3_000 }) }))
    const again = applyToConversation(asked, event({ message: message({ id: 'm3', author: 'consumer', at: 4_000 }) }))
    expect([asked.waiting_since, again.waiting_since]).toEqual([3_000, 3_000])
  })

  it('keeps the revision that messages have moved on', () => {
    const noted = applyToConversation(conversation({ rev: 4 }), { ...event({ kind: 'message', at: 2_000, message: message({ at: 2_000, note: true }) }), rev: 6 })
    expect(noted.rev).toBe(6)
    expect(applyToConversation(noted, { ...event({ kind: 'message', at: 1_000, message: message({ at: 1_000 }) }), rev: 5 }).rev).toBe(6)
  })

  it('does not show notes in the preview, nor older messages', () => {
    const c = conversation()
    expect(applyToConversation(c, event({ message: message({ note: true, at: 9_000 }) }))).toBe(c)
    expect(applyToConversation(c, event({ message: message({ at: 10 }) }))).toBe(c)
  })

  it('shows an offer until it ends', () => {
    const offer = { agent: 'u1', agent_name: 'Ana', expires_at: 9_000 }
    const offered = applyToConversation(conversation(), event({ kind: 'offered', offer }))
    expect(offered.offer).toEqual({ agent: { id: 'u1', name: 'Ana' }, expires_at: 9_000 })
    const ended = event({ kind: 'offer_ended', offer: { agent: 'u1', end: 'expired' } })
    expect(applyToConversation(offered, ended).offer).toBeUndefined()
    const other = event({ kind: 'offer_ended', offer: { agent: 'u2', end: 'expired' } })
    expect(applyToConversation(offered, other).offer).toBeDefined()
  })
})

describe('delayOf', () => {
  it('grows from half a second to thirty and keeps within its jitter', () => {
    expect([delayOf(0, 0), delayOf(0, 1), delayOf(3, 1), delayOf(20, 0), delayOf(20, 1)]).toEqual([250, 500, 4_000, 15_000, 30_000])
  })
})
