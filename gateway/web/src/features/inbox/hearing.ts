import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, type Message, type Schemas, type Tone, unwrap } from '../../api'
import { useLive } from '../../live/live'
import type { Line } from '../../live/thread'
import { intentName } from '../../ui/intent'
import { tell, tellFailure } from '../../ui/tell'
import { t } from './strings'

const path = (l: Line) => ({ params: { path: { id: l.conversation, message: l.id } } })

/** useHearing is what an agent can say of a consumer's message: what it means (null: none of the intents), how it sounds. */
export function useHearing() {
  const queries = useQueryClient()
  const { caches } = useLive()
  const mean = useMutation({
    mutationFn: ({ line, intent }: { line: Line; intent: string | null }) =>
      unwrap<Schemas['Utterance']>(api.POST('/conversations/{id}/messages/{message}/intent', { ...path(line), body: { intent } })),
    onSuccess: (_kept, { intent }) => {
      tell(intent === null ? t.hearing.keptNone : t.hearing.kept(intentName(intent)))
      void queries.invalidateQueries({ queryKey: ['utterances'] })
    },
    onError: tellFailure,
  })
  const judge = useMutation({
    mutationFn: ({ line, tone }: { line: Line; tone: Tone }) =>
      unwrap<Message>(api.POST('/conversations/{id}/messages/{message}/tone', { ...path(line), body: { tone } })),
    onSuccess: (message, { line, tone }) => {
      tell(t.hearing.keptTone[tone])
      caches.noteMessage(message)
      // An event comes only when the mood turns; its score has changed all the same.
      void queries.invalidateQueries({ queryKey: ['detail', line.conversation] })
      void queries.invalidateQueries({ queryKey: ['list'] })
    },
    onError: tellFailure,
  })
  return { mean, judge }
}
