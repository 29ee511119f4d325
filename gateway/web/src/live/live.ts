import type { QueryClient } from '@tanstack/react-query'
import { createContext, use } from 'react'
import { type Counters, type Event, firstPage, loadConversation, sessionQuery } from '../api'
import { Caches } from './caches'
import { Clock } from './clock'
import { Connection, type ConnectionState, type Typing } from './connection'
import { Store, without } from './store'
import { Unread } from './unread'

/** What the connection bar shows: the state, since when, and how many messages came while catching up. */
export type LinkState = { state: ConnectionState; since: number; caughtUp?: number }

const typingShownMs = 6_000
/** Everybody comes back at once when the gateway was away: looks again are spread over this. */
const spreadMs = 4_000

/** Live is what a page knows of the gateway, kept current by its events. It follows them for one signed-in person at a time. */
export class Live {
  readonly clock = new Clock()
  readonly unread = new Unread()
  readonly caches: Caches
  readonly link = new Store<LinkState>({ state: 'connecting', since: 0 })
  readonly newBuild = new Store(false)
  readonly counts = new Store<Counters | undefined>(undefined)
  /** Who types where, until when; by conversation. */
  readonly typists = new Store<Readonly<Record<string, { name: string; author: Typing['author']; until: number }>>>({})
  /** How often an answer or the connection has said that nobody is signed in. */
  readonly endings = new Store(0)

  private connection?: Connection
  private resumeAt?: string
  private pageBuild?: string
  private missed = 0
  private readonly watchers = new Set<(ev: Event) => void>()

  constructor(readonly queries: QueryClient) {
    this.caches = new Caches(queries, { conversation: loadConversation, firstPage })
  }

  ended = () => this.endings.set((n) => n + 1)

  /** follow keeps the caches current from a cursor on, or from where it ended before. Calling it again with a running connection changes nothing. */
  follow(cursor: string, build: string, user: string) {
    if (this.connection) return
    this.pageBuild ??= build
    const start = this.resumeAt ?? cursor
    this.caches.begin(start)
    this.connection = new Connection(start, user, {
      event: (ev) => this.take(ev),
      typing: (t) => this.takeTyping(t),
      counters: (c) => this.counts.set({ mine: c.mine, queue: c.queue, all: c.all }),
      reset: (at) => {
        this.caches.begin(at)
        void this.queries.invalidateQueries()
      },
      build: (b) => this.newBuild.set(b !== this.pageBuild),
      ended: () => {
        this.resumeAt = this.connection?.cursor
        this.connection = undefined
        this.ended()
      },
      state: (state) => this.note(state),
    })
    this.connection.start()
  }

  /** unfollow ends the connection, at sign-out. */
  unfollow = () => {
    this.connection?.stop()
    this.resumeAt = this.connection?.cursor ?? this.resumeAt
    this.connection = undefined
    this.caches.pacer.clear()
    this.link.set({ state: 'connecting', since: 0 })
  }

  sendTyping(conversation: string, on: boolean) {
    this.connection?.typing(conversation, on)
  }

  /** watch calls f with every event, after it was applied. */
  watch(f: (ev: Event) => void) {
    this.watchers.add(f)
    return () => void this.watchers.delete(f)
  }

  private me() {
    return this.queries.getQueryData(sessionQuery.queryKey)?.user
  }

  private take(ev: Event) {
    this.caches.take(ev)
    const id = ev.conversation
    if (ev.kind === 'message' && ev.message && id) {
      if (this.link.get().state !== 'live') this.missed++
      if (ev.message.author === 'consumer') {
        const c = this.caches.known(id)
        // Only what stands in my own lists is marked, not what the whole brand gets.
        if (c && (c.owner === 'queue' || c.agent?.id === this.me()?.id)) this.unread.note(id, ev.message.at)
      }
      this.typists.set((all) => without(all, id))
    }
    this.watchers.forEach((f) => f(ev))
  }

  private takeTyping(t: Typing) {
    if (t.author === 'agent' && t.name === this.me()?.name) return
    this.typists.set((all) => {
      const rest = without(all, t.conversation)
      return t.on ? { ...rest, [t.conversation]: { name: t.name ?? '', author: t.author, until: Date.now() + typingShownMs } } : rest
    })
    if (!t.on) return
    setTimeout(() => {
      const shown = this.typists.get()[t.conversation]
      if (shown && shown.until <= Date.now()) this.typists.set((all) => without(all, t.conversation))
    }, typingShownMs + 50)
  }

  private note(state: ConnectionState) {
    const was = this.link.get().state
    if (was === 'live' && state === 'lost') this.missed = 0
    const back = was === 'lost' && state === 'live'
    this.link.set({ state, since: Date.now(), ...(back ? { caughtUp: this.missed } : {}) })
    if (back) setTimeout(() => this.caches.renew(), Math.random() * spreadMs)
  }
}

export const LiveContext = createContext<Live | undefined>(undefined)

export function useLive(): Live {
  const live = use(LiveContext)
  if (!live) throw new Error('there is no live store around this')
  return live
}
