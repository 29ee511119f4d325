import { expect, test } from 'vitest'
import { room } from './fake/storage'
import { Keep, type Store, type Waiting } from './keep'

const refuses: Store = {
  getItem: () => {
    throw new DOMException('no', 'SecurityError')
  },
  setItem: () => {
    throw new DOMException('no', 'SecurityError')
  },
  removeItem: () => {
    throw new DOMException('no', 'SecurityError')
  },
}
const key = (name: string): string => `gw-chat:acme.web:${name}`
const open = (...stores: Store[]): Keep => new Keep('acme.web', stores)
const w = (n: number, text = `text ${n}`): Waiting => ({ clientId: `client-${n}`, said: { text }, at: n })
const texts = (keep: Keep): string[] => keep.outbox().map((x) => ('text' in x.said ? x.said.text : x.said.choice.label))
const session = { token: 't'.repeat(300), visitor: 'v1', brand: { name: 'Northwind' } }

test.each([
  ['20 characters left', () => [room(20)]],
  ['20 characters left, and in the tab', () => [room(20), room(20)]],
  ['no storage', () => []],
  ['one that refuses everything', () => [refuses, refuses]],
  ['one without methods', () => [{} as Store]],
])('%s: the page keeps what it must', (_name, stores) => {
  const keep = open(...stores())
  keep.setSession(session)
  expect(keep.session()).toEqual(session)
  expect(keep.add(w(1))).toBe(true)
  expect(keep.add(w(2))).toBe(true)
  expect(texts(keep)).toEqual(['text 1', 'text 2'])
  expect(keep.saved()).toBe(false)
  keep.mark('client-1', true)
  expect(keep.outbox()[0]).toMatchObject({ failed: true })
  keep.drop('client-1')
  expect(texts(keep)).toEqual(['text 2'])
  keep.drop('client-2')
  expect(keep.outbox()).toEqual([])
})

test('what the site has filled goes to the storage of the tab, and outlives a reload', () => {
  const local = room(20)
  const tab = room(5000)
  const keep = open(local, tab)
  keep.setSession(session)
  keep.add(w(1))
  expect(keep.saved()).toBe(true)
  const again = open(local, tab)
  expect(again.session()).toEqual(session)
  expect(texts(again)).toEqual(['text 1'])
})

test('a storage that fills later loses nothing, and is used again when there is room', () => {
  const local = room(5000)
  const keep = open(local)
  keep.add(w(1))
  local.size = 100
  keep.add(w(2, 'x'.repeat(100)))
  expect(texts(keep)).toEqual(['text 1', 'x'.repeat(100)])
  expect(keep.saved()).toBe(false)
  expect(texts(open(local))).toEqual(['text 1'])
  keep.drop('client-1') // the storage is too full even to forget it
  expect(texts(keep)).toEqual(['x'.repeat(100)])
  local.size = 5000
  keep.add(w(3))
  expect(keep.saved()).toBe(true)
  expect(texts(open(local))).toEqual(['x'.repeat(100), 'text 3'])
})

test('a tab that could not write does not wipe out what another has written since', () => {
  const local = room(100)
  const one = open(local)
  one.add(w(1, 'x'.repeat(100)))
  local.size = 5000
  open(local).add(w(2))
  one.add(w(3))
  expect(texts(open(local))).toEqual(['x'.repeat(100), 'text 2', 'text 3'])
})

test.each([
  ['damaged', '[{"clientId":"abc', []],
  ['null', 'null', []],
  ['a number', '7', []],
  ['a text', '"hello"', []],
  ['an object', '{"v":2}', []],
  ['holes', '[null,7,{},[],{"clientId":3,"said":{"text":4},"at":"x"}]', []],
  ['of an older version', '[{"client_id":"client-1","text":"old words","at":"2026-01-01"}]', ['old words']],
  ['an object by id', '{"a":{"clientId":"client-1","said":{"text":"by id"},"at":1}}', ['by id']],
  ['texts alone', '["just words"]', ['just words']],
  ['an id that the gateway refuses', '[{"clientId":"a b","said":{"text":"words"},"at":1}]', ['words']],
  ['said is a text', '[{"id":1,"said":"words"}]', ['words']],
  ['one is sound', `[{"bad":true},${JSON.stringify(w(2))}]`, ['text 2']],
])('an outbox of another shape, %s', (_name, stored, words) => {
  const local = room(5000, { [key('outbox')]: stored })
  const keep = open(local)
  expect(texts(keep)).toEqual(words)
  const ids = keep.outbox().map((x) => x.clientId)
  expect(keep.outbox().map((x) => x.clientId)).toEqual(ids) // and stay the same, or each try would be another message
  for (const id of ids) expect(id).toMatch(/^[\w-]{8,64}$/)
  keep.add(w(9))
  expect(texts(open(local)).sort()).toEqual([...words, 'text 9'].sort())
})

test.each(['null', '7', '"x"', '[]', '{}', '{"token":7,"visitor":"v","brand":{"name":"B"}}', '{"token":"t","visitor":"v"}', '{"token":"t","visitor":"v","brand":null}', '{'])('a session of another shape is none: %s', (stored) => {
  expect(open(room(5000, { [key('session')]: stored })).session()).toBeUndefined()
})

test('fifty wait at most; the next is refused and not another lost; what failed makes room', () => {
  const keep = open(room(50_000))
  for (let i = 0; i < 50; i++) expect(keep.add(w(i))).toBe(true)
  expect(keep.add(w(50))).toBe(false)
  expect(texts(keep)[0]).toBe('text 0')
  keep.mark('client-7', true)
  expect(keep.add(w(50))).toBe(true)
  expect(texts(keep)).toHaveLength(50)
  expect(texts(keep)).not.toContain('text 7')
})

test('pages with the toJSON of Prototype store what they mean', () => {
  const proto = Array.prototype as unknown as { toJSON?: () => string }
  proto.toJSON = () => 'from Prototype'
  try {
    const local = room(5000)
    open(local).add(w(1))
    expect(texts(open(local))).toEqual(['text 1'])
  } finally {
    delete proto.toJSON
  }
})
