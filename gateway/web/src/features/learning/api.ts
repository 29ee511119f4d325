import { queryOptions } from '@tanstack/react-query'
import { api, type Schemas, unwrap } from '../../api'

export type Utterance = Schemas['Utterance']
export type UtteranceState = Schemas['UtteranceState']
export type UtteranceGroup = Schemas['UtteranceGroup']
export type Lesson = Schemas['Lesson']
export type Understood = Schemas['Understood']
export type FAQEntry = Schemas['FAQEntry']

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
