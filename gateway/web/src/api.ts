import { infiniteQueryOptions, QueryClient, queryOptions } from '@tanstack/react-query'
import createClient from 'openapi-fetch'
import type { components, paths } from './api.d'
import { s } from './strings'

export type Schemas = components['schemas']
export type Session = Schemas['Session']
export type Agent = Schemas['Agent']
export type Presence = Schemas['Presence']
export type Skill = Schemas['Skill']
export type Conversation = Schemas['Conversation']
export type Detail = Schemas['ConversationDetail']
export type Message = Schemas['Message']
export type Content = Schemas['Content']
export type Counters = Schemas['Counters']
export type Notice = Schemas['Notice']
export type Handoff = Schemas['Handoff']
export type ExpectedField = Schemas['ExpectedField']
export type MatchReasons = Schemas['MatchReasons']
export type Event = Schemas['Event']
export type Tone = Schemas['Tone']
export type Mood = Schemas['Mood']
export type Heard = Schemas['Heard']
export type View = 'mine' | 'queue' | 'all'
export type StateFilter = 'open' | 'closed' | 'any'
export type ListPage = { conversations: Conversation[]; counts: Counters; next?: string; cursor: string }

/** Failure is an answer other than the expected one, or none at all (`code` is then `offline`). */
export class Failure extends Error {
  constructor(
    readonly code: Schemas['Error']['code'] | 'offline',
    message: string,
    readonly requestId?: string,
    readonly events?: Event[],
    readonly field?: string,
    /** Seconds that the server asks to wait before the next try. */
    readonly retryAfter?: number,
  ) {
    super(message)
  }
}

export const api = createClient<paths>({ baseUrl: '/api/v1', headers: { Accept: 'application/json' } })

/** Asker is in whose name a page asks, and what it wants to hear of every answer. */
export type Asker = { user?: string; date(header: string | null): void; ended(): void }

/** ask has all requests made for a page. The server refuses what is asked in somebody's name when another one is signed in by then. */
export function ask(by: Asker) {
  api.use({
    onRequest({ request, schemaPath }) {
      if (by.user !== undefined && schemaPath !== '/session') request.headers.set('Parley-User', by.user)
    },
    onResponse({ response, schemaPath }) {
      by.date(response.headers.get('Date'))
      if (response.status === 401 && schemaPath !== '/session') by.ended()
    },
    onError: () => new Failure('offline', s.errors.offline),
  })
}

/** unwrap gives the data of an answer or throws a Failure. */
export async function unwrap<T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  let got
  try {
    got = await answer
  } catch (err) {
    // An answer that is no JSON comes from something between us and the server.
    throw err instanceof Failure ? err : new Failure('unavailable', s.errors.offline)
  }
  const { data, error, response } = got
  if (response.ok && error === undefined) return data as T
  const e = typeof error === 'object' && error !== null ? (error as Partial<Schemas['Error']>) : undefined
  const wait = Number(response.headers.get('Retry-After'))
  throw new Failure(e?.code ?? codeOf(response.status), e?.message ?? s.errors.unexpected(response.status), e?.request_id, e?.events, e?.field, wait > 0 ? wait : undefined)
}

const codes: Record<number, Failure['code']> = {
  401: 'unauthenticated', 403: 'forbidden', 404: 'not_found', 409: 'conflict', 413: 'too_large', 429: 'rate_limited', 502: 'unavailable', 503: 'unavailable', 504: 'unavailable',
}

/** codeOf is what a status means that comes without a code, from a proxy for example. */
const codeOf = (status: number) => codes[status] ?? (status >= 400 && status < 500 ? 'invalid' : 'internal')

/** passes is whether a failure may be over at the next try. */
export const passes = (err: unknown) => err instanceof Failure && ['offline', 'unavailable', 'rate_limited', 'internal'].includes(err.code)

/** retryDelay is how long to wait before try n (from 0), in milliseconds: what the server asks for, else a second, doubling to 30, of which a random half is taken. */
export const retryDelay = (n: number, err?: unknown, random = Math.random()) =>
  Math.max(err instanceof Failure && err.retryAfter ? Math.min(err.retryAfter, 300) * 1_000 : 0, Math.min(30_000, 1_000 * 2 ** n) * (0.5 + random / 2))

// What is only looked at is asked for again for about two minutes.
const mostRetries = 8
// A mistake of the server's own is seldom over at the second try.
const mostInternal = 2

/** newQueries is where a page keeps what it has loaded. */
export const newQueries = () => new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 30 * 60_000,
      retry: (count, err) => passes(err) && count < (err instanceof Failure && err.code === 'internal' ? mostInternal : mostRetries),
      retryDelay: (count, err) => retryDelay(count, err),
      // What the browser thinks of the network is a guess; the request itself tells.
      networkMode: 'always',
      refetchOnWindowFocus: false,
    },
    mutations: { networkMode: 'always' },
  },
})

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: () => unwrap(api.GET('/session')),
  staleTime: Infinity,
})

const loadList = (view: View, state: StateFilter, search: string, before = '', signal?: AbortSignal) =>
  unwrap<ListPage>(
    api.GET('/conversations', {
      signal, // a search that nobody waits for any more ends
      params: { query: { view, limit: 50, ...(view === 'all' && state !== 'any' ? { state } : {}), ...(search ? { search } : {}), ...(before ? { before } : {}) } },
    }),
  )

export const firstPage = ({ view, state, search }: { view: View; state: StateFilter; search: string }) => loadList(view, state, search)

export const listQuery = (view: View, state: StateFilter, search: string) =>
  infiniteQueryOptions({
    queryKey: ['list', view, state, search],
    queryFn: ({ pageParam, signal }) => loadList(view, state, search, pageParam, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  })

export const loadConversation = (id: string) => unwrap(api.GET('/conversations/{id}', { params: { path: { id } } }))

export const detailQuery = (id: string) => queryOptions({ queryKey: ['detail', id], queryFn: () => loadConversation(id) })

export const agentsQuery = queryOptions({
  queryKey: ['agents'],
  queryFn: async () => (await unwrap(api.GET('/agents'))).agents,
})

/** channelsQuery is the supervisors': which channels there are, and what is wrong with them. */
export const channelsQuery = queryOptions({
  queryKey: ['channels'],
  queryFn: async () => (await unwrap(api.GET('/channels'))).channels,
  refetchInterval: 60_000,
})

export const skillsQuery = queryOptions({
  queryKey: ['skills'],
  queryFn: async () => (await unwrap(api.GET('/skills'))).skills,
})

/** noticesQuery is what I must not miss until I dismiss it. */
export const noticesQuery = queryOptions({
  queryKey: ['notices'],
  queryFn: async () => (await unwrap(api.GET('/notices'))).notices,
})

export const intentsQuery = queryOptions({
  queryKey: ['intents'],
  queryFn: async () => (await unwrap(api.GET('/intents'))).intents,
})

/** messageOf is what to show a person of any thrown value. */
export const messageOf = (err: unknown) => (err instanceof Failure ? err.message : s.errors.unknown)
