import type { InfiniteData } from '@tanstack/react-query'
import {
  agentsQuery, type Agent, type Counters, type Detail, type Event, type ListPage, type Message, queries, type Session, sessionQuery, skillsQuery, tellSessionEnded,
} from '../api'
import { Connection, type ConnectionState, type Typing } from './connection'
import { applyToConversation } from './conversation'
import { Store } from './store'
import { applyToThread, place, type Thread } from './thread'
import { noteUnread } from './unread'

/** What the connection bar shows: the state, since when, and how many messages came while catching up. */
export type LinkState = { state: ConnectionState; since: number; caughtUp?: number }

export const link = new Store<LinkState>({ state: 'connecting', since: 0 })
export const newBuild = new Store(false)
export const counts = new Store<Counters | undefined>(undefined)
/** Who types where, until when; by conversation. */
export const typists = new Store<Record<string, { name: string; author: Typing['author']; until: number }>>({})

const typingShownMs = 6_000
const refreshDelayMs = 250

let connection: Connection | undefined
let resumeAt: string | undefined
let pageBuild: string | undefined
let missed = 0
let refreshTimer: ReturnType<typeof setTimeout> | undefined
const stale = new Set<string>()

/** refreshSoon loads the named queries again, many events together. */
function refreshSoon(...keys: string[]) {
  keys.forEach((k) => stale.add(k))
  refreshTimer ??= setTimeout(() => {
    refreshTimer = undefined
    for (const key of stale) void queries.invalidateQueries({ queryKey: key.split('/') })
    stale.clear()
  }, refreshDelayMs)
}

function patchLists(ev: Event): boolean {
  let found = false
  queries.setQueriesData<InfiniteData<ListPage>>({ queryKey: ['list'] }, (data) => {
    if (!data) return data
    let changed = false
    const pages = data.pages.map((page) => ({
      ...page,
      conversations: page.conversations.map((c) => {
        if (c.id !== ev.conversation) return c
        found = true
        const next = applyToConversation(c, ev)
        changed ||= next !== c
        return next
      }),
    }))
    return changed ? { ...data, pages } : data
  })
  return found
}

function patchDetail(ev: Event) {
  queries.setQueryData<Detail>(['detail', ev.conversation], (d) => {
    if (!d) return d
    const conversation = applyToConversation(d.conversation, ev)
    return conversation === d.conversation ? d : { ...d, conversation }
  })
}

function patchThreads(ev: Event) {
  for (const [key, thread] of queries.getQueriesData<Thread>({ queryKey: ['thread'] })) {
    if (!thread) continue
    const member = key[1] === ev.conversation || thread.lines.some((l) => l.conversation === ev.conversation)
    if (member) queries.setQueryData<Thread>(key, applyToThread(thread, ev))
  }
}

/** noteMessage shows what an answer tells of a message that some thread has already. */
export function noteMessage(m: Message) {
  for (const [key, thread] of queries.getQueriesData<Thread>({ queryKey: ['thread'] })) {
    if (thread?.lines.some((l) => l.id === m.id)) queries.setQueryData<Thread>(key, { ...thread, lines: place(thread.lines, m) })
  }
}

function takeEvent(ev: Event) {
  if (ev.kind === 'presence' && ev.presence) return takePresence(ev)
  if (ev.kind === 'published') return refreshSoon('intents', 'faq', 'utterances')
  if (ev.kind === 'channel') return refreshSoon('channels')
  const id = ev.conversation
  if (!id) return
  const inList = patchLists(ev)
  patchDetail(ev)
  patchThreads(ev)
  if (ev.kind === 'message' && ev.message) {
    if (link.get().state !== 'live') missed++
    if (ev.message.author === 'consumer') noteUnread(id, ev.message.at)
    typists.set(({ [id]: _done, ...rest }) => rest)
    if (!inList) refreshSoon('list')
    return
  }
  switch (ev.kind) {
    case 'opened': case 'owner': case 'closed': case 'offered': case 'offer_ended':
      refreshSoon('list', `detail/${id}`, 'skills', 'agents', 'session')
      break
    case 'mood':
      refreshSoon('list') // who waits may have moved up in the queue
      break
    case 'faq_feedback':
      refreshSoon('faq')
      break
    case 'updated': case 'consent':
      refreshSoon(`detail/${id}`)
      break
  }
}

function takePresence(ev: Event) {
  const p = ev.presence
  if (!p) return
  queries.setQueryData<Agent[]>(agentsQuery.queryKey, (agents) =>
    agents?.map((a) => (a.id === p.agent ? { ...a, presence: p.presence, seen: p.seen } : a)))
  queries.setQueryData<Session>(sessionQuery.queryKey, (session) =>
    session?.user.id === p.agent ? { ...session, user: { ...session.user, presence: p.presence, seen: p.seen } } : session)
  void queries.invalidateQueries({ queryKey: skillsQuery.queryKey })
}

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

/** follow keeps the caches current from a cursor on, or from where it ended before. Calling it again with a running connection changes nothing. */
export function follow(cursor: string, build: string) {
  if (connection) return
  pageBuild ??= build
  connection = new Connection(resumeAt ?? cursor, {
    event: takeEvent,
    typing: takeTyping,
    counters: (c) => counts.set({ mine: c.mine, queue: c.queue, all: c.all }),
    reset: () => void queries.invalidateQueries(),
    build: (b) => newBuild.set(b !== pageBuild),
    ended: () => {
      resumeAt = connection?.cursor
      connection = undefined
      tellSessionEnded()
    },
    state: (state) => {
      const was = link.get().state
      if (was === 'live' && state === 'lost') missed = 0
      link.set({ state, since: Date.now(), ...(was === 'lost' && state === 'live' ? { caughtUp: missed } : {}) })
      if (was === 'lost' && state === 'live') refreshSoon('list', 'agents', 'skills')
    },
  })
  connection.start()
}

/** unfollow ends the connection, at sign-out. */
export function unfollow() {
  connection?.stop()
  resumeAt = connection?.cursor ?? resumeAt
  connection = undefined
  link.set({ state: 'connecting', since: 0 })
}

export const sendTyping = (conversation: string, on: boolean) => connection?.typing(conversation, on)
