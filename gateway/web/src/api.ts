import { infiniteQueryOptions, QueryClient, queryOptions } from '@tanstack/react-query'
import createClient, { type Middleware } from 'openapi-fetch'
import type { components, paths } from './api.d'
import { s } from './strings'

type Schemas = components['schemas']
export type Session = Schemas['Session']
export type Agent = Schemas['Agent']
export type Presence = Schemas['Presence']
export type Skill = Schemas['Skill']
export type Conversation = Schemas['Conversation']
export type Detail = Schemas['ConversationDetail']
export type Message = Schemas['Message']
export type Content = Schemas['Content']
export type DeliveryState = Schemas['DeliveryState']
export type Counters = Schemas['Counters']
export type Handoff = Schemas['Handoff']
export type ExpectedField = Schemas['ExpectedField']
export type MatchReasons = Schemas['MatchReasons']
export type Event = Schemas['Event']
export type Tone = Schemas['Tone']
export type Mood = Schemas['Mood']
export type Heard = Schemas['Heard']
export type Utterance = Schemas['Utterance']
export type UtteranceState = Schemas['UtteranceState']
export type UtteranceGroup = Schemas['UtteranceGroup']
export type Lesson = Schemas['Lesson']
export type Meaning = Schemas['Meaning']
export type Understood = Schemas['Understood']
export type FAQEntry = Schemas['FAQEntry']
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
  ) {
    super(message)
  }
}

const sessionEnded = new Set<() => void>()

/** onSessionEnded calls f whenever an answer says that nobody is signed in. */
export function onSessionEnded(f: () => void) {
  sessionEnded.add(f)
  return () => void sessionEnded.delete(f)
}

export const tellSessionEnded = () => sessionEnded.forEach((f) => f())

const noticeEnd: Middleware = {
  onResponse({ response, schemaPath }) {
    if (response.status === 401 && schemaPath !== '/session') tellSessionEnded()
  },
  onError() {
    return new Failure('offline', s.errors.offline)
  },
}

export const api = createClient<paths>({ baseUrl: '/api/v1', headers: { Accept: 'application/json' } })
api.use(noticeEnd)

/** unwrap gives the data of an answer or throws a Failure. */
export async function unwrap<T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await answer
  if (response.ok && error === undefined) return data as T
  const e = error as Partial<Schemas['Error']> | undefined
  throw new Failure(e?.code ?? 'internal', e?.message ?? s.errors.unexpected(response.status), e?.request_id, e?.events, e?.field)
}

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 30 * 60_000,
      retry: (count, err) => count < 2 && err instanceof Failure && (err.code === 'offline' || err.code === 'unavailable'),
      refetchOnWindowFocus: false,
    },
  },
})

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: () => unwrap(api.GET('/session')),
  staleTime: Infinity,
})

export const listQuery = (view: View, state: StateFilter, search: string) =>
  infiniteQueryOptions({
    queryKey: ['list', view, state, search],
    queryFn: ({ pageParam, signal }) =>
      unwrap<ListPage>(
        api.GET('/conversations', {
          signal, // a search that nobody waits for any more ends
          params: {
            query: {
              view,
              ...(view === 'all' && state !== 'any' ? { state } : {}),
              ...(search ? { search } : {}),
              ...(pageParam ? { before: pageParam } : {}),
              limit: 50,
            },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  })

export const detailQuery = (id: string) =>
  queryOptions({
    queryKey: ['detail', id],
    queryFn: () => unwrap(api.GET('/conversations/{id}', { params: { path: { id } } })),
  })

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

export const intentsQuery = queryOptions({
  queryKey: ['intents'],
  queryFn: async () => (await unwrap(api.GET('/intents'))).intents,
})

export const faqQuery = queryOptions({
  queryKey: ['faq'],
  queryFn: async () => (await unwrap(api.GET('/faq'))).entries,
})

/** utterancesQuery is the groups of a state, the largest first, `limit` of them at most. */
export const utterancesQuery = (state: UtteranceState, limit: number) =>
  queryOptions({
    queryKey: ['utterances', state, limit],
    queryFn: () => unwrap<{ groups: UtteranceGroup[]; total: number }>(api.GET('/utterances', { params: { query: { state, limit } } })),
  })

/** messageOf is what to show a person of any thrown value. */
export const messageOf = (err: unknown) => (err instanceof Failure ? err.message : s.errors.unknown)
