import { describe, expect, test } from 'vitest'
import { accent, luminance } from './color'
import { ended, initial, offered, receipts, reduce, unread, type Action, type State } from './store'
import { language } from './strings'
import { answering, rows } from './view'
import type { Message } from './wire'

const message = (id: string, over: Partial<Message> = {}): Message => ({ id, author: 'bot', content: { text: id }, state: 'sent', at: Number(id.slice(1)), ...over })
const got = (m: Message): Action => ({ type: 'frame', frame: { type: 'message', cursor: m.id, message: m } })
const moved = (id: string, state: Message['state']): Action => ({ type: 'frame', frame: { type: 'state', cursor: `${id} ${state}`, message: id, state } })
const after = (...actions: Action[]): State => actions.reduce(reduce, initial)
const queued: Action = { type: 'queued', clientId: 'c1', said: { text: 'mine' }, at: 1 }
const mine = message('m5', { author: 'consumer', client_id: 'c1', state: 'received', content: { text: 'mine' } })

function permutations<T>(list: T[]): T[][] {
  return list.length < 2 ? [list] : list.flatMap((x, i) => permutations(list.toSpliced(i, 1)).map((rest) => [x, ...rest]))
}

describe('store', () => {
  test.each(permutations([{ type: 'accepted', message: mine } as Action, got(mine), moved('m5', 'read')]).filter(([first]) => first?.type !== 'frame' || first.frame.type === 'message').map((p) => [p]))(
    'answer, frame and receipt in any order leave one message that is read',
    (order) => {
      const s = after(queued, ...order)
      expect(s.entries).toHaveLength(1)
      expect(s.entries[0]).toMatchObject({ id: 'm5', state: 'read', pending: false })
    },
  )

  test('a state never goes back', () => {
    expect(after(got(message('m1')), moved('m1', 'read'), moved('m1', 'delivered')).entries[0]?.state).toBe('read')
  })

  test('an answer that overtakes an earlier frame is put in its place; pending ones stay last', () => {
    const s = after(queued, { type: 'queued', clientId: 'c2', said: { text: 'next' }, at: 2 }, { type: 'accepted', message: mine }, got(message('m4')))
    expect(s.entries.map((e) => e.id)).toEqual(['m4', 'm5', 'c2'])
  })

  test('a page that comes late keeps newer frames and what waits', () => {
    const s = after(queued, got(message('m9')), { type: 'page', page: { messages: [message('m3')], more: true, cursor: 'x', status: { open: true, owner: 'bot' } } })
    expect(s.entries.map((e) => e.id)).toEqual(['m3', 'm9', 'c1'])
    expect(s).toMatchObject({ more: true, loaded: true, cursor: 'x' })
  })

  test('another visitor sees nothing of the former one', () => {
    const s = after({ type: 'session', session: { visitor: 'a', brand: { name: 'A' } } }, got(message('m1')), queued, { type: 'session', session: { visitor: 'b', brand: { name: 'A' } } })
    expect(s.entries.map((e) => e.id)).toEqual(['c1'])
    expect(s.cursor).toBeUndefined()
  })

  test('choices vanish with the first word of the visitor', () => {
    const ask = got(message('m1', { content: { text: '?', choices: [{ id: 'y', label: 'Yes' }] } }))
    expect(offered(after(ask, got(message('m2', { author: 'system' }))))).toHaveLength(1)
    expect(offered(after(ask, queued))).toBeUndefined()
  })

  test('unread and receipts', () => {
    const s = after(got(message('m1')), got(message('m2', { author: 'system' })), got(message('m3', { state: 'read' })))
    expect(unread(s)).toBe(1)
    expect(receipts(s)).toEqual({ delivered: ['m1', 'm2'], read: [] })
    expect(receipts(reduce(s, { type: 'seen' }))).toEqual({ delivered: [], read: ['m1', 'm2'] })
  })

  test('ended only after a history that stands, and not after writing', () => {
    const s = after({ type: 'page', page: { messages: [message('m1')], more: false, cursor: 'x', status: { open: false, owner: 'none' } } })
    expect(ended(initial)).toBe(false)
    expect(ended(s)).toBe(true)
    expect(ended(reduce(s, queued))).toBe(false)
  })

  test('a frame of a newer gateway changes nothing', () => {
    expect(reduce(initial, { type: 'frame', frame: { type: 'sparkle' } as never })).toBe(initial)
  })
})

describe('view', () => {
  const at = (h: number, m = 0): number => new Date(2026, 10, 22, h, m).getTime()
  const entries = (...list: Message[]) => after(...list.map(got)).entries

  test('day lines, and the sender once per group', () => {
    const list = entries(message('m1', { at: at(-2) }), message('m2', { at: at(9) }), message('m3', { at: at(9, 1) }), message('m4', { at: at(9, 2), author: 'agent' }), message('m5', { at: at(9, 30), author: 'agent' }))
    expect(rows(list, at(12), 'en').map((r) => (r.kind === 'group' ? r.entries.map((e) => e.id).join('+') : r.kind === 'day' ? r.label : r.kind))).toEqual(['Yesterday', 'm1', 'Today', 'm2+m3', 'm4', 'm5'])
  })

  test('who answers now', () => {
    const s = language(['de-AT']).strings
    const state = (status: State['status']): State => ({ ...initial, brand: { name: 'N', bot_name: 'Ava' }, status })
    expect(answering(state({ open: true, owner: 'bot' }), s)).toBe('Ava · virtuelle Assistenz')
    expect(answering(state({ open: true, owner: 'queue', position: 3 }), s)).toBe('Warten auf eine Person · 3')
    expect(answering(state({ open: true, owner: 'agent', agent_name: 'Ana' }), s)).toBe('Ana')
  })

  test('an unknown language is English', () => expect(language(['xx', null]).code).toBe('en'))
})

test('text on any brand colour reaches 4.5:1', () => {
  for (let i = 0; i < 4096; i++) {
    const { fill, on } = accent(`#${i.toString(16).padStart(3, '0')}`)
    const [dark, light] = [luminance(fill), on === '#fff' ? 1 : 0].sort((a, b) => a - b) as [number, number]
    expect((light + 0.05) / (dark + 0.05)).toBeGreaterThanOrEqual(4.5)
  }
  expect(accent('url(x)').fill).toBe('#0f766e')
})
