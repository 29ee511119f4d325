import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Failure, type Message } from '../api'
import { type Box, claim, Shelf } from '../live/shelf'
import { Dispatch, readUnsent, type Unsent } from './dispatch'
import type { Conflict } from './drafts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const minute = 60_000

function memory(): Box {
  const map = new Map<string, string>()
  return { get length() { return map.size }, key: (i) => [...map.keys()][i] ?? null, getItem: (k) => map.get(k) ?? null, setItem: (k, v) => void map.set(k, v), removeItem: (k) => void map.delete(k) }
}

/** Server answers what it is told to, and counts a client id once. */
class Server {
  readonly got = new Map<string, string>()
  posts = 0
  /** What goes wrong, in order; `lost` is an answer that is lost after the message was taken. */
  plan: (Failure | Promise<never> | 'lost' | 'hang')[] = []

  async post(u: Unsent): Promise<Message> {
    this.posts++
    await Promise.resolve()
    const next = this.plan.shift()
    if (next === 'hang') await new Promise(() => undefined)
    if (next instanceof Promise) await next
    if (next instanceof Failure) throw next
    this.got.set(u.client_id, u.text)
    if (next === 'lost') throw new Failure('offline', 'unreachable')
    return { id: u.client_id, conversation: u.conversation, seq: 1, author: 'agent', note: u.note, content: { text: u.text }, state: 'queued', at: 1, client_id: u.client_id }
  }
}

/** Tab is one page of an agent: what is unsent, what stands in the composer. */
function tab(server: Server, box: Box, over: { mine?: boolean; draft?: string; locks?: Map<string, Promise<void>> } = {}) {
  claim('ana', box)
  const shelf = new Shelf<Unsent>('unsent', readUnsent, () => box)
  shelf.open('ana')
  const composer = { text: over.draft ?? '', conflict: undefined as Conflict | undefined }
  const told: string[] = []
  const { locks } = over
  const dispatch = new Dispatch({
    shelf, post: (u) => server.post(u), sent: () => undefined, held: (u) => told.push(u.text), tooOld: 'too old', now: () => Date.now(),
    back: (u, conflict) => {
      if (over.mine === false || composer.text) return false
      Object.assign(composer, { text: u.text, conflict })
      return true
    },
    alone: async (id, f) => {
      const run = (locks?.get(id) ?? Promise.resolve()).then(f)
      locks?.set(id, run)
      await run
    },
  })
  return { shelf, dispatch, composer, told, words: () => [...server.got.values(), composer.text, ...Object.values(shelf.get()).map((u) => u.text)].filter(Boolean) }
}

const unsent = (over: Partial<Unsent> = {}): Unsent => ({ client_id: 'k1', conversation: 'c1', text: 'My words', note: false, after: 'e1', at: Date.now(), state: 'sending', tries: 0, ...over })
const codes: Failure['code'][] = ['offline', 'unavailable', 'internal', 'rate_limited', 'conflict', 'forbidden', 'not_found', 'too_large', 'invalid', 'unauthenticated']

describe('words that are sent', () => {
  it('reach the server once and leave nothing behind', async () => {
    const server = new Server()
    const t = tab(server, memory())
    await t.dispatch.send(unsent())
    expect([t.words(), server.posts, t.shelf.get()]).toEqual([['My words'], 1, {}])
  })

  for (const code of codes) {
    for (const mine of [true, false]) {
      for (const draft of ['', 'already typing']) {
        for (const note of [false, true]) {
          it(`are somewhere after ${code}${mine ? '' : ', taken over'}${draft ? ', with a draft' : ''}${note ? ', as a note' : ''}`, async () => {
            const server = new Server()
            server.plan = Array<Failure>(40).fill(new Failure(code, 'why'))
            const box = memory()
            const t = tab(server, box, { mine, draft })
            void t.dispatch.send(unsent({ note }))
            for (let i = 0; i < 20; i++) {
              await vi.advanceTimersByTimeAsync(minute / 4)
              expect(t.words().filter((w) => w === 'My words'), 'exactly once').toHaveLength(1)
            }
            expect(t.composer.text === '' || t.composer.text === draft || t.composer.text === 'My words').toBe(true)
            // After a crash the words are there, too, unless they stand in the composer, whose text is kept by itself.
            if (t.composer.text !== 'My words') expect(Object.values(tab(server, box).shelf.get()).map((u) => u.text)).toEqual(['My words'])
          })
        }
      }
    }
  }

  it('go out by themselves when a failure passes while the connection lives', async () => {
    for (const code of ['offline', 'unavailable', 'internal', 'rate_limited'] as const) {
      const server = new Server()
      server.plan = [new Failure(code, 'why'), new Failure(code, 'why')]
      const t = tab(server, memory())
      void t.dispatch.send(unsent())
      await vi.advanceTimersByTimeAsync(minute)
      expect([t.words(), server.posts, t.shelf.get()]).toEqual([['My words'], 3, {}])
    }
  })

  it('wait as long as the server asks for', async () => {
    const server = new Server()
    server.plan = [new Failure('rate_limited', 'slowly', undefined, undefined, undefined, 50)]
    const t = tab(server, memory())
    void t.dispatch.send(unsent())
    await vi.advanceTimersByTimeAsync(49_000)
    expect(server.posts).toBe(1)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(server.posts).toBe(2)
  })

  it('are held after some answers that fail, with why, and not asked for ever', async () => {
    const server = new Server()
    server.plan = Array<Failure>(40).fill(new Failure('internal', 'a mistake'))
    const t = tab(server, memory())
    void t.dispatch.send(unsent())
    await vi.advanceTimersByTimeAsync(30 * minute)
    expect(server.posts).toBe(6)
    expect(t.shelf.get()['k1']).toMatchObject({ state: 'held', conflict: { message: 'a mistake' } })
    expect(t.told).toEqual(['My words'])
    t.dispatch.resend()
    await vi.advanceTimersByTimeAsync(minute)
    expect(server.posts).toBe(6)
    server.plan = []
    await t.dispatch.send(t.shelf.get()['k1'] ?? unsent())
    expect([server.got.get('k1'), t.shelf.get()]).toEqual(['My words', {}])
  })

  it('count once when only the answer was lost', async () => {
    const server = new Server()
    server.plan = ['lost']
    const t = tab(server, memory())
    void t.dispatch.send(unsent())
    await vi.advanceTimersByTimeAsync(minute)
    expect([server.got.size, t.shelf.get()]).toEqual([1, {}])
  })

  it('are confirmed by their event while the answer hangs', async () => {
    const server = new Server()
    server.plan = ['hang']
    const t = tab(server, memory())
    void t.dispatch.send(unsent())
    await vi.advanceTimersByTimeAsync(10)
    t.dispatch.confirm('k1')
    expect(t.shelf.get()).toEqual({})
    await vi.advanceTimersByTimeAsync(10 * minute)
    expect(server.posts).toBe(1)
  })

  it('go out after a crash in the middle', async () => {
    const server = new Server()
    server.plan = ['hang']
    const box = memory()
    void tab(server, box).dispatch.send(unsent())
    await vi.advanceTimersByTimeAsync(10)
    const again = tab(server, box)
    again.dispatch.resend()
    await vi.advanceTimersByTimeAsync(10)
    expect([server.got.get('k1'), again.shelf.get()]).toEqual(['My words', {}])
  })

  it('wait for a new sign-in, without asking', async () => {
    const server = new Server()
    server.plan = [new Failure('unauthenticated', 'Sign in first.')]
    const t = tab(server, memory())
    void t.dispatch.send(unsent())
    await vi.advanceTimersByTimeAsync(10 * minute)
    expect(server.posts).toBe(1)
    t.dispatch.resend()
    await vi.advanceTimersByTimeAsync(10)
    expect(server.got.get('k1')).toBe('My words')
  })

  it('refused late, after the new sign-in, go out all the same', async () => {
    const server = new Server()
    let answer: ((why: Failure) => void) | undefined
    server.plan = [new Promise<never>((_, refuse) => { answer = refuse })]
    const t = tab(server, memory())
    void t.dispatch.send(unsent())
    await vi.advanceTimersByTimeAsync(10)
    t.dispatch.resend()
    answer?.(new Failure('unauthenticated', 'Sign in first.'))
    await vi.advanceTimersByTimeAsync(10)
    expect([server.got.get('k1'), server.posts, t.shelf.get()]).toEqual(['My words', 2, {}])
  })

  it('are held when a server with a session refuses them again and again', async () => {
    const server = new Server()
    server.plan = Array<Failure>(40).fill(new Failure('unauthenticated', 'Sign in first.'))
    const t = tab(server, memory())
    void t.dispatch.send(unsent())
    for (let n = 0; n < 20; n++) {
      await vi.advanceTimersByTimeAsync(10)
      t.dispatch.resend()
    }
    expect([server.posts, t.shelf.get()['k1']?.state]).toEqual([6, 'held'])
  })

  it('that are hours old ask their writer', async () => {
    const server = new Server()
    const box = memory()
    tab(server, box).shelf.put('k1', unsent({ state: 'waiting', at: Date.now() - 3 * 60 * minute }))
    const t = tab(server, box)
    t.dispatch.resend()
    await vi.advanceTimersByTimeAsync(minute)
    expect([server.posts, t.shelf.get()['k1']?.state, t.shelf.get()['k1']?.conflict?.message]).toEqual([0, 'held', 'too old'])
  })

  it('written offline come back when somebody took over', async () => {
    const server = new Server()
    server.plan = [new Failure('offline', 'unreachable'), new Failure('conflict', 'Sue has it.')]
    const t = tab(server, memory(), { mine: false })
    void t.dispatch.send(unsent())
    await vi.advanceTimersByTimeAsync(minute)
    expect(t.shelf.get()['k1']).toMatchObject({ state: 'held', text: 'My words', conflict: { message: 'Sue has it.', after: 'e1' } })
  })

  it('come back once from two tabs, and are sent once', async () => {
    for (const failure of [undefined, new Failure('conflict', 'Somebody else answered.')]) {
      const server = new Server()
      const box = memory()
      const locks = new Map<string, Promise<void>>()
      const [a, b] = [tab(server, box, { locks }), tab(server, box, { locks })]
      a.shelf.put('k1', unsent({ state: 'waiting' }))
      b.shelf.heardOf('k1')
      if (failure) server.plan = [failure, failure]
      a.dispatch.resend()
      b.dispatch.resend()
      await vi.advanceTimersByTimeAsync(minute)
      expect(server.posts).toBe(1)
      expect([a.composer.text, b.composer.text].filter(Boolean)).toHaveLength(failure ? 1 : 0)
      expect([a.shelf.get(), b.shelf.get()]).toEqual([{}, {}])
    }
  })
})
