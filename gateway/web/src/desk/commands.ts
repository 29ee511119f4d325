import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { api, type Conversation, Failure, unwrap } from '../api'
import { useLive } from '../live/live'
import { s } from '../strings'
import { tell, tellFailure } from '../ui/tell'

const path = (id: string) => ({ params: { path: { id } } })

type Guarded<T = object> = { id: string; rev: number } & T
type Answer = Parameters<typeof unwrap<Conversation>>[0]

/** useCommand is a command whose answer is the conversation after it; `done` tells that it worked. */
function useCommand<T>(ask: (what: T) => Answer, done: (c: Conversation) => void = () => undefined, isTold: (err: unknown) => boolean = () => false) {
  const queries = useQueryClient()
  const { caches } = useLive()
  return useMutation({
    mutationFn: (what: T) => unwrap<Conversation>(ask(what)),
    onSuccess: (c) => {
      caches.put(c)
      // The handoff, the history and why it is mine are not in the answer.
      void queries.invalidateQueries({ queryKey: ['detail', c.id] })
      done(c)
    },
    onError: (err) => {
      if (isTold(err)) return
      tellFailure(err)
      // What we showed may be behind: look again.
      void queries.invalidateQueries({ queryKey: ['list'] })
      void queries.invalidateQueries({ queryKey: ['detail'] })
    },
  })
}

/** useCommands is what an agent can do with a conversation, each guarded by the rev they saw. */
export function useCommands() {
  const navigate = useNavigate()
  const open = (c: Conversation) => void navigate({ to: '/inbox/$view/{-$conversation}', params: { view: 'mine', conversation: c.id } })
  const saying = (words: string) => () => tell(words)

  const accept = useCommand((id: string) => api.POST('/conversations/{id}/accept', path(id)), open)
  const decline = useCommand((id: string) => api.POST('/conversations/{id}/decline', path(id)))
  const take = useCommand(({ id, rev }: Guarded) => api.POST('/conversations/{id}/take', { ...path(id), body: { rev } }), (c) => {
    tell(s.desk.taken)
    open(c)
  })
  const transfer = useCommand(({ id, ...body }: Guarded<{ skill?: string; agent?: string; note: string }>) => api.POST('/conversations/{id}/transfer', { ...path(id), body }), saying(s.desk.done.transferred))
  const requeue = useCommand(({ id, ...body }: Guarded<{ note?: string }>) => api.POST('/conversations/{id}/requeue', { ...path(id), body }), saying(s.desk.done.requeued))
  const giveBack = useCommand(({ id, ...body }: Guarded<{ note?: string }>) => api.POST('/conversations/{id}/return', { ...path(id), body }), saying(s.desk.done.returned))
  const consent = useCommand(({ id, ...body }: { id: string; opted_out: boolean; source: string }) => api.POST('/conversations/{id}/consent', { ...path(id), body }), saying(s.desk.done.consent))
  const close = useCommand(
    ({ id, ...body }: Guarded<{ outcome: string; summary?: string; fields?: Record<string, unknown> }>) => api.POST('/conversations/{id}/close', { ...path(id), body }),
    saying(s.desk.done.closed),
    // What is wrong with a field is told beside it.
    (err) => err instanceof Failure && err.field?.startsWith('fields.') === true,
  )
  return { accept, decline, take, transfer, requeue, giveBack, consent, close }
}
