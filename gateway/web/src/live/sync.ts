import { type Counters, type Event, firstPage, loadConversation, queries, sessionQuery, tellSessionEnded } from '../api'
import { Caches } from './caches'
import { Connection, type ConnectionState, type Typing } from './connection'
import { Store } from './store'
import { noteUnread } from './unread'

/** What the connection bar shows: the state, since when, and how many messages came while catching up. */
export type LinkState = { state: ConnectionState; since: number; caughtUp?: number }

export const link = new Store<LinkState>({ state: 'connecting', since: 0 })
export const newBuild = new Store(false)
export const counts = new Store<Counters | undefined>(undefined)
/** Who types where, until when; by conversation. */
export const typists = new Store<Record<string, { name: string; author: Typing['author']; until: number }>>({})

export const caches = new Caches(queries, { conversation: loadConversation, firstPage })

const typingShownMs = 6_000
/** Everybody comes back at once when the gateway was away: looks again are spread over this. */
const spreadMs = 4_000

type Watcher = (ev: Event) => void

/** Sync follows the event log for one signed-in person at a time. */
class Sync {
  private connection?: Connection
  private resumeAt?: string
  private pageBuild?: string
  private missed = 0
  private readonly watchers = new Set<Watcher>()

  /** follow keeps the caches current from a cursor on, or from where it ended before. Calling it again with a running connection changes nothing. */
  follow(cursor: string, build: string, user: string) {
    if (this.connection) return
    this.pageBuild ??= build
    const start = this.resumeAt ?? cursor
    caches.begin(start)
    this.connection = new Connection(start, user, {
      event: (ev) => this.take(ev),
      typing: takeTyping,
      counters: (c) => counts.set({ mine: c.mine, queue: c.queue, all: c.all }),
      reset: (at) => {
        caches.begin(at)
        void queries.invalidateQueries()
      },
      build: (b) => newBuild.set(b !== this.pageBuild),
      ended: () => {
        this.resumeAt = this.connection?.cursor
        this.connection = undefined
        tellSessionEnded()
      },
      state: (state) => this.note(state),
    })
    this.connection.start()
  }

  /** unfollow ends the connection, at sign-out. */
  unfollow() {
    this.connection?.stop()
    this.resumeAt = this.connection?.cursor ?? this.resumeAt
    this.connection = undefined
    caches.pacer.clear()
    link.set({ state: 'connecting', since: 0 })
  }

  sendTyping(conversation: string, on: boolean) {
    this.connection?.typing(conversation, on)
  }

  /** watch calls f with every event, after it was applied. */
  watch(f: Watcher) {
    this.watchers.add(f)
    return () => void this.watchers.delete(f)
  }

  private take(ev: Event) {
    caches.take(ev)
    const id = ev.conversation
    if (ev.kind === 'message' && ev.message && id) {
      if (link.get().state !== 'live') this.missed++
      if (ev.message.author === 'consumer') {
        const c = caches.known(id)
        const me = queries.getQueryData(sessionQuery.queryKey)?.user.id
        // Only what stands in my own lists is marked, not what the whole brand gets.
        if (c && (c.owner === 'queue' || c.agent?.id === me)) noteUnread(id, ev.message.at)
      }
      typists.set((all) => {
        if (!(id in all)) return all
        const { [id]: _done, ...rest } = all
        return rest
      })
    }
    this.watchers.forEach((f) => f(ev))
  }

  private note(state: ConnectionState) {
    const was = link.get().state
    if (was === 'live' && state === 'lost') this.missed = 0
    const back = was === 'lost' && state === 'live'
    link.set({ state, since: Date.now(), ...(back ? { caughtUp: this.missed } : {}) })
    if (back) setTimeout(() => caches.renew(), Math.random() * spreadMs)
  }
}

const sync = new Sync()
export const follow = sync.follow.bind(sync)
export const unfollow = sync.unfollow.bind(sync)
export const sendTyping = sync.sendTyping.bind(sync)
export const watchEvents = sync.watch.bind(sync)

function takeTyping(t: Typing) {
  if (t.author === 'agent' && t.name === queries.getQueryData(sessionQuery.queryKey)?.user.name) return
  typists.set((all) => {
    const { [t.conversation]: _old, ...rest } = all
    return t.on ? { ...rest, [t.conversation]: { name: t.name ?? '', author: t.author, until: Date.now() + typingShownMs } } : rest
  })
  if (t.on) {
    setTimeout(() => {
      const shown = typists.get()[t.conversation]
      if (shown && shown.until <= Date.now()) typists.set(({ [t.conversation]: _over, ...rest }) => rest)
    }, typingShownMs + 50)
  }
}
