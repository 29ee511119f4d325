import type { Query, QueryClient } from '@tanstack/react-query'
import type { Agent, Conversation, Detail, Event, ListPage, Message, Session, View } from '../api'
import { later } from './cursor'
import { detailAfter, type Known, tellsAll } from './detail'
import { type ListData, type ListKey, listAfter, withFirstPage, withRow } from './lists'
import { Pacer } from './pacer'
import { withPresence } from './presence'
import { Tail } from './tail'
import { applyToThread, joinOlder, place, settled, type Thread, type ThreadPage } from './thread'

/** Loaders ask the server for what events made stale. */
export type Loaders = {
  conversation(id: string): Promise<Detail>
  firstPage(key: ListKey): Promise<ListPage>
}

// What is asked for first when several things are stale.
const urgency = { one: 0, detail: 1, list: 2, session: 3 }

const keyOf = ([, view, state, search]: readonly unknown[]) => ({ view, state, search }) as ListKey

/**
 * Caches keeps what is loaded as the events say it is: lists, details, threads, people. An event changes what it tells
 * of in place; only what it does not tell is asked for, paced, and only of what is on the screen.
 */
export class Caches {
  readonly tail: Tail
  readonly pacer: Pacer
  /** The view on the screen, whose list is kept whole. */
  shown?: View
  /** It ends following the query cache. */
  readonly stop: () => void

  constructor(
    private readonly queries: QueryClient,
    private readonly load: Loaders,
    clock?: () => number,
  ) {
    this.tail = new Tail(() => queries.isFetching() > 0)
    this.pacer = new Pacer(clock)
    // An answer is true up to its cursor: what happened since is applied the moment it is here.
    this.stop = queries.getQueryCache().subscribe((e) => {
      if (e.type === 'updated' && e.action.type === 'success' && !e.action.manual) this.catchUp(e.query)
    })
  }

  /** begin says that all events after the cursor will come. What was loaded before it is loaded again. */
  begin(cursor: string) {
    this.tail.begin(cursor)
    for (const query of this.queries.getQueryCache().getAll()) {
      const thread = query.queryKey[0] === 'thread' ? (query.state.data as Thread | undefined) : undefined
      if (thread) this.set(query, settled(undefined, { ...thread, gap: false }))
      this.catchUp(query)
    }
  }

  /** take applies an event to all that is loaded. */
  take(ev: Event) {
    this.tail.take(ev)
    if (ev.kind === 'presence') return this.takePresence(ev)
    if (ev.kind === 'notice') return ev.notice?.agent === this.me()?.id ? this.wishNotices() : undefined
    if (ev.kind === 'published') return this.refresh('intents')
    if (ev.kind === 'channel') return this.refresh('channels')
    const id = ev.conversation
    if (!id) return
    const before = this.known(id)
    for (const query of this.queries.getQueryCache().findAll({ queryKey: ['list'] })) this.patchList(query, ev, before)
    const detail = this.queries.getQueryCache().find({ queryKey: ['detail', id] })
    if (detail?.state.data) {
      if (!tellsAll(detail.state.data as Known, ev)) this.wishDetail(id)
      this.set(detail, detailAfter(detail.state.data as Known, ev))
    }
    for (const query of this.queries.getQueryCache().findAll({ queryKey: ['thread'] })) {
      const thread = query.state.data as Thread | undefined
      if (thread && concerns(query.queryKey, thread, ev)) this.set(query, applyToThread(thread, ev))
    }
    this.outdateAround(ev, id, before)
  }

  /** loadOlder loads the page before a thread's message. */
  async loadOlder(id: string, before: string, load: () => Promise<ThreadPage>) {
    const release = this.tail.hold()
    try {
      const page = await load()
      const query = this.queries.getQueryCache().find({ queryKey: ['thread', id] })
      if (!query) return
      const thread = query.state.data as Thread | undefined
      if (thread?.gap || this.tail.lacks(page.cursor)) return this.again(query)
      this.set(query, joinOlder(thread, page, before))
      this.catchUp(query)
    } finally {
      release()
    }
  }

  /** noteMessage shows what an answer tells of a message that some thread has already. */
  noteMessage(m: Message) {
    for (const [key, thread] of this.queries.getQueriesData<Thread>({ queryKey: ['thread'] })) {
      if (thread?.lines.some((l) => l.id === m.id)) this.queries.setQueryData<Thread>(key, { ...thread, lines: place(thread.lines, m) })
    }
  }

  /** put shows a conversation as an answer tells it; what is newer stays. */
  put(c: Conversation) {
    this.queries.setQueryData<Detail>(['detail', c.id], (d) => (d && d.conversation.rev <= c.rev ? { ...d, conversation: c } : d))
    const me = this.me()
    if (!me) return
    for (const query of this.queries.getQueryCache().findAll({ queryKey: ['list'] })) {
      const data = query.state.data as ListData | undefined
      if (data) this.set(query, withRow(data, keyOf(query.queryKey), c, me))
    }
  }

  /** tellRead tells what was read of a conversation, in its turn: the last of many says it for all. */
  tellRead(id: string, tell: () => unknown) {
    this.pacer.wish(`read ${id}`, urgency.list, tell)
  }

  /** renew asks for the lists on the screen again, after what may have been missed. */
  renew() {
    for (const query of this.queries.getQueryCache().findAll({ queryKey: ['list'], type: 'active' })) this.wishList(query)
    this.outdate('agents', 'skills')
    this.wishNotices()
  }

  /** known is the newest that any list or detail tells of a conversation. */
  known(id: string): Conversation | undefined {
    const detail = this.queries.getQueryData<Detail>(['detail', id])
    let best = detail && !this.tail.lacks(detail.cursor) ? detail.conversation : undefined
    for (const [, data] of this.queries.getQueriesData<ListData>({ queryKey: ['list'] })) {
      for (const page of data?.pages ?? []) {
        if (this.tail.lacks(page.cursor)) continue
        const c = page.conversations.find((o) => o.id === id)
        if (c && (!best || c.rev > best.rev)) best = c
      }
    }
    return best
  }

  private me(): Agent | undefined {
    return this.queries.getQueryData<Session>(['session'])?.user
  }

  /** set patches an answer, which stays as old, and as stale, as it is. */
  private set(query: Query, data: unknown) {
    if (data === query.state.data) return
    const { isInvalidated, dataUpdatedAt } = query.state
    this.queries.setQueryData(query.queryKey, data, { updatedAt: dataUpdatedAt })
    if (isInvalidated) query.invalidate()
  }

  private patchList(query: Query, ev: Event, known: Conversation | undefined) {
    const data = query.state.data as ListData | undefined
    const me = this.me()
    if (!data || !me) return
    const key = keyOf(query.queryKey)
    const after = listAfter(data, key, ev, me, known)
    this.set(query, after.data)
    if (!after.lacks) return
    const id = ev.conversation ?? ''
    // What is meant for me is fetched alone; of the others only what is on the screen.
    if (key.view === 'mine' || ev.kind === 'offered') this.pacer.wish(`one ${id}`, urgency.one, () => this.fetchOne(id))
    else if (key.view === this.shown && query.isActive()) this.wishList(query)
    else markStale(query)
  }

  private wishNotices() {
    this.pacer.wish('notices', urgency.one, () => this.queries.invalidateQueries({ queryKey: ['notices'] }))
  }

  private takePresence(ev: Event) {
    const p = ev.presence
    if (!p) return
    this.queries.setQueryData<Agent[]>(['agents'], (agents) =>
      agents?.map((a) => (a.id === p.agent ? withPresence(a, p, ev.at) : a)))
    this.queries.setQueryData<Session>(['session'], (session) =>
      session?.user.id === p.agent ? { ...session, user: withPresence(session.user, p, ev.at) } : session)
    for (const query of this.queries.getQueryCache().findAll({ queryKey: ['detail'] })) {
      const d = query.state.data as Detail | undefined
      if (d?.conversation.agent?.id === p.agent && d.conversation.agent_there !== p.seen) this.set(query, { ...d, conversation: { ...d.conversation, agent_there: p.seen } })
    }
    this.outdate('skills')
  }

  /** outdateAround notes what an event makes stale without telling it. */
  private outdateAround(ev: Event, id: string, before: Conversation | undefined) {
    const me = this.me()?.id
    switch (ev.kind) {
      case 'opened': case 'owner': case 'closed':
        this.outdate('skills', 'agents')
        if (me !== undefined && (ev.change?.agent === me || before?.agent?.id === me)) {
          this.pacer.wish('session', urgency.session, () => this.queries.invalidateQueries({ queryKey: ['session'] }))
        }
        break
      case 'updated': case 'consent':
        // A name that is known now stands in my list, too.
        if (me !== undefined && before?.agent?.id === me) this.pacer.wish(`detail ${id}`, urgency.detail, () => this.fetchOne(id))
        else this.wishDetail(id)
        break
    }
  }

  private wishDetail(id: string) {
    const query = this.queries.getQueryCache().find({ queryKey: ['detail', id] })
    if (!query?.state.data) return
    if (query.isActive()) this.pacer.wish(`detail ${id}`, urgency.detail, () => this.fetchOne(id))
    else markStale(query)
  }

  private wishList(query: Query) {
    const key = keyOf(query.queryKey)
    this.pacer.wish(query.queryHash, urgency.list, async () => {
      if (!query.isActive()) return markStale(query)
      const release = this.tail.hold()
      try {
        const page = await this.load.firstPage(key)
        this.set(query, withFirstPage(query.state.data as ListData | undefined, page))
        this.catchUp(query)
      } finally {
        release()
      }
    })
  }

  private async fetchOne(id: string) {
    const release = this.tail.hold()
    try {
      const detail = await this.load.conversation(id)
      this.queries.setQueryData(['detail', id], detail)
      const query = this.queries.getQueryCache().find({ queryKey: ['detail', id] })
      if (query) this.catchUp(query)
      this.put(this.queries.getQueryData<Detail>(['detail', id])?.conversation ?? detail.conversation)
    } finally {
      release()
    }
  }

  /** refresh has what is small and seldom changes loaded again, now if it is on the screen. */
  refresh(...names: string[]) {
    this.each(names, (query) => {
      if (query.isActive()) this.pacer.wish(query.queryHash, urgency.session, () => query.isActive() && this.queries.invalidateQueries({ queryKey: query.queryKey, exact: true }))
      else markStale(query)
    })
  }

  /** outdate marks what the next look at it loads again. */
  private outdate(...names: string[]) {
    this.each(names, markStale)
  }

  private each(names: string[], f: (query: Query) => void) {
    for (const name of names) this.queries.getQueryCache().findAll({ queryKey: [name] }).forEach(f)
  }

  /** catchUp applies to an answer what happened while it was under way. */
  private catchUp(query: Query) {
    const data = query.state.data
    if (data === undefined) return
    const events = this.tail.all()
    switch (query.queryKey[0]) {
      case 'list':
        if ((data as ListData).pages.some((p) => this.tail.lacks(p.cursor))) this.again(query)
        return events.forEach((ev) => {
          if (ev.conversation !== undefined) this.patchList(query, ev, this.known(ev.conversation))
        })
      case 'detail': {
        const { cursor } = data as Detail
        if (this.tail.lacks(cursor)) this.again(query)
        const since = events.filter((ev) => ev.conversation === query.queryKey[1] && later(ev.cursor, cursor))
        return this.set(query, since.reduce(detailAfter, data as Known))
      }
      case 'thread':
        if (this.tail.lacks((data as Thread).page)) this.again(query)
        // What happens before anything is followed is not known: nothing can be joined to what was loaded then.
        if (!this.tail.following || this.tail.lacks((data as Thread).page)) return this.set(query, { ...(data as Thread), gap: true })
        return this.set(query, events.reduce((t, ev) => (concerns(query.queryKey, t, ev) ? applyToThread(t, ev) : t), data as Thread))
      case 'agents': case 'session':
        return events.forEach((ev) => {
          if (ev.kind === 'presence') this.takePresence(ev)
        })
    }
  }

  /** again loads what no event can bring up to date. */
  private again(query: Query) {
    this.pacer.wish(query.queryHash, urgency.one, () => this.queries.invalidateQueries({ queryKey: query.queryKey, exact: true }))
  }
}

function markStale(query: Query) {
  if (!query.state.isInvalidated) query.invalidate()
}

/** concerns is whether an event's conversation is in a thread. */
const concerns = (key: readonly unknown[], thread: Thread, ev: Event) =>
  ev.conversation !== undefined && (key[1] === ev.conversation || thread.lines.some((l) => l.conversation === ev.conversation))
