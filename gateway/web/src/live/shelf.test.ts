import { describe, expect, it } from 'vitest'
import { type Box, claim, claimed, disclaim, Shelf } from './shelf'

class Memory implements Box {
  readonly map = new Map<string, string>()
  room = Infinity
  get length() {
    return this.map.size
  }
  key = (i: number) => [...this.map.keys()][i] ?? null
  getItem = (k: string) => this.map.get(k) ?? null
  removeItem = (k: string) => void this.map.delete(k)
  setItem = (k: string, v: string) => {
    let used = k.length + v.length
    for (const [key, value] of this.map) if (key !== k) used += key.length + value.length
    if (used > this.room) throw new DOMException('full', 'QuotaExceededError')
    this.map.set(k, v)
  }
}

const text = (v: unknown) => (typeof v === 'string' ? v : undefined)
function tab(box: Box | undefined, user: string, name = 'draft') {
  claim(user, box)
  const shelf = new Shelf<string>(name, text, () => box)
  shelf.open(user)
  return shelf
}

describe('a shelf', () => {
  it('gives its owner back what was there before a reload', () => {
    const box = new Memory()
    tab(box, 'ana').put('c1', 'half a')
    expect(tab(box, 'ana').get()).toEqual({ c1: 'half a' })
  })

  it('shows nobody what another one left, and deletes it', () => {
    const box = new Memory()
    tab(box, 'ana').put('c1', 'secret')
    expect(tab(box, 'bo').get()).toEqual({})
    expect([...box.map.values()].join()).not.toContain('secret')
    expect(tab(box, 'ana').get()).toEqual({})
  })

  it('deletes what older pages kept without an owner, and nothing that is not its own', () => {
    const box = new Memory()
    for (const k of ['parley.outbox', 'parley.drafts', 'parley.unread', 'parley.letters', 'theirs']) box.setItem(k, 'x')
    tab(box, 'ana')
    expect([...box.map.keys()].sort()).toEqual(['parley.letters', 'parley.user', 'theirs'])
  })

  it('is empty after a sign-out', () => {
    const box = new Memory()
    tab(box, 'ana').put('c1', 'half a')
    disclaim(box)
    expect([claimed(box), tab(box, 'ana').get()]).toEqual([undefined, {}])
  })

  it('leaves no traces from a tab whose person is not signed in any more', () => {
    const box = new Memory()
    const left = tab(box, 'ana')
    tab(box, 'bo')
    left.put('c1', 'secret')
    expect([...box.map.values()].join()).not.toContain('secret')
    expect(left.get()).toEqual({ c1: 'secret' })
  })

  it('keeps what two tabs write at the same time', () => {
    const box = new Memory()
    const [a, b] = [tab(box, 'ana'), tab(box, 'ana')]
    a.put('c1', 'one')
    b.put('c2', 'two')
    expect(tab(box, 'ana').get()).toEqual({ c1: 'one', c2: 'two' })
    for (const k of box.map.keys()) [a, b].forEach((t) => t.heard(k))
    expect([a.get(), b.get()]).toEqual([{ c1: 'one', c2: 'two' }, { c1: 'one', c2: 'two' }])
    a.drop('c1')
    b.heard('parley:ana:draft:c1')
    expect(b.get()).toEqual({ c2: 'two' })
  })

  it('works without any storage, and with one that is full or fills up', () => {
    for (const box of [undefined, Object.assign(new Memory(), { room: 0 }), Object.assign(new Memory(), { room: 60 })]) {
      const shelf = tab(box, 'ana')
      shelf.put('c1', 'a')
      shelf.put('c1', 'a'.repeat(500))
      expect(shelf.get()).toEqual({ c1: 'a'.repeat(500) })
      expect(shelf.unsaved()).toBe(true)
      // The older, shorter text would be a wrong one after a reload.
      expect(tab(box, 'ana').get()).toEqual({})
      shelf.drop('c1')
      expect([shelf.get(), shelf.unsaved()]).toEqual([{}, false])
    }
  })

  it('works where the storage throws at every touch', () => {
    const broken = new Proxy({}, { get: () => { throw new DOMException('denied', 'SecurityError') } }) as Box  
    const shelf = new Shelf<string>('draft', text, () => broken)
    claim('ana', broken)
    shelf.open('ana')
    shelf.put('c1', 'a')
    shelf.heard(null)
    expect(shelf.get()).toEqual({ c1: 'a' })
    shelf.drop('c1')
    disclaim(broken)
    expect(shelf.get()).toEqual({})
  })

  it('ignores entries of another shape', () => {
    const box = new Memory()
    claim('ana', box)
    box.setItem('parley:ana:draft:c1', '{broken')
    box.setItem('parley:ana:draft:c2', '{"a":1}')
    expect(tab(box, 'ana').get()).toEqual({})
  })
})
