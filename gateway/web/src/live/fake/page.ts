import { InfiniteQueryObserver, QueryClient, QueryObserver } from '@tanstack/react-query'
import { vi } from 'vitest'
import type { Detail, ListPage } from '../../api'
import { Caches } from '../caches'
import type { ListData, ListKey } from '../lists'
import { settled, type Thread, threadOf, type ThreadPage } from '../thread'
import { type Brand, me } from './brand'

/** Ask is a request under way: the server reads at one moment, the answer arrives at another. */
class Ask {
  private answer?: { is: unknown }
  readonly promise: Promise<unknown>
  private resolve!: (value: unknown) => void
  private reject!: (err: unknown) => void

  constructor(private readonly serve: () => unknown) {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
  }

  read() {
    this.answer ??= { is: structuredClone(this.serve()) }
  }

  arrive() {
    this.read()
    this.resolve(this.answer?.is)
  }

  fail() {
    this.reject(new Error('lost'))
  }
}

/** Page is one agent's open workspace over a network that delays everything as it likes. */
export class Page {
  readonly queries = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity, networkMode: 'always' } } })
  readonly caches: Caches
  asks: Ask[] = []
  asked = 0
  private heard = 0
  private following = false
  private readonly watched: (() => void)[] = []

  constructor(private readonly brand: Brand) {
    this.queries.setQueryData(['session'], { user: me, brand: { id: 'b', name: 'B' }, build: '1', kinds: [] })
    this.caches = new Caches(this.queries, {
      conversation: (id) => this.ask(() => brand.detail(id)) as Promise<Detail>,
      firstPage: (key) => this.ask(() => brand.list(key)) as Promise<ListPage>,
    }, () => Date.now())
    this.caches.shown = 'all'
  }

  ask(serve: () => unknown) {
    const ask = new Ask(serve)
    this.asks.push(ask)
    this.asked++
    return ask.promise
  }

  openList(key: ListKey) {
    const observer = new InfiniteQueryObserver(this.queries, {
      queryKey: ['list', key.view, key.state, key.search], initialPageParam: '', getNextPageParam: (last: ListPage) => last.next,
      queryFn: ({ pageParam }) => this.ask(() => this.brand.list(key, pageParam)) as Promise<ListPage>,
    })
    this.watched.push(observer.subscribe(() => undefined))
    return observer
  }

  openConversation(id: string) {
    const detail = new QueryObserver(this.queries, { queryKey: ['detail', id], queryFn: () => this.ask(() => this.brand.detail(id)) })
    const thread = new QueryObserver(this.queries, {
      queryKey: ['thread', id], queryFn: async () => threadOf((await this.ask(() => this.brand.thread(id))) as ThreadPage),
      structuralSharing: (old, next) => settled(old as Thread | undefined, next as Thread),
    })
    const shut = [detail.subscribe(() => undefined), thread.subscribe(() => undefined)]
    this.watched.push(...shut)
    return () => shut.forEach((f) => f())
  }

  thread(id: string) {
    return this.queries.getQueryData<Thread>(['thread', id])
  }

  older(id: string) {
    const first = this.thread(id)?.lines[0]?.id
    if (first) this.caches.loadOlder(id, first, () => this.ask(() => this.brand.thread(id, first)) as Promise<ThreadPage>).catch(() => undefined)
  }

  /** follow begins with the cursor of the first list that is there, as the workspace does. */
  follow() {
    const first = this.queries.getQueryData<ListData>(['list', 'mine', 'open', ''])?.pages[0]
    if (this.following || !first) return
    this.following = true
    this.heard = parseInt(first.cursor.slice(1), 36)
    this.caches.begin(first.cursor)
  }

  hear(n = 1) {
    if (!this.following) return
    for (const ev of this.brand.log.slice(this.heard, this.heard + n)) this.caches.take(structuredClone(ev))
    this.heard = Math.min(this.brand.log.length, this.heard + n)
  }

  async tick() {
    for (let i = 0; i < 8; i++) await Promise.resolve()
    await vi.advanceTimersByTimeAsync(1)
  }

  /** settle lets everything arrive, and everything that is asked for then. */
  async settle() {
    for (let round = 0; round < 40; round++) {
      this.asks.splice(0).forEach((a) => a.arrive())
      await this.tick()
      this.follow()
      this.hear(this.brand.log.length)
      await vi.advanceTimersByTimeAsync(2_000)
      if (this.asks.length === 0 && this.queries.isFetching() === 0) return
    }
    throw new Error('it never comes to rest')
  }

  close() {
    this.watched.forEach((f) => f())
    this.caches.stop()
    this.caches.pacer.clear()
    this.queries.clear()
  }
}
