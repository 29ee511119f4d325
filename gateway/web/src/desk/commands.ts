import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { api, type Conversation, Failure, queries, unwrap } from '../api'
import { caches } from '../live/sync'
import { s } from '../strings'
import { tell, tellFailure } from '../ui/tell'

const path = (id: string) => ({ params: { path: { id } } })

function settle(c: Conversation) {
  caches.put(c)
  // The handoff, the history and why it is mine are not in the answer; its event asks for the rest.
  void queries.invalidateQueries({ queryKey: ['detail', c.id] })
}

const refused = (err: unknown) => {
  tellFailure(err)
  // What we showed may be behind: look again.
  void queries.invalidateQueries({ queryKey: ['list'] })
  void queries.invalidateQueries({ queryKey: ['detail'] })
}

type Guarded<T = object> = { id: string; rev: number } & T

/** useCommands is what an agent can do with a conversation, each guarded by the rev they saw. */
export function useCommands() {
  const navigate = useNavigate()
  const open = (id: string) => navigate({ to: '/inbox/$view/{-$conversation}', params: { view: 'mine', conversation: id } })

  const accept = useMutation({
    mutationFn: (id: string) => unwrap<Conversation>(api.POST('/conversations/{id}/accept', path(id))),
    onSuccess: (c) => {
      settle(c)
      void open(c.id)
    },
    onError: refused,
  })
  const decline = useMutation({
    mutationFn: (id: string) => unwrap<Conversation>(api.POST('/conversations/{id}/decline', path(id))),
    onSuccess: settle,
    onError: refused,
  })
  const take = useMutation({
    mutationFn: ({ id, rev }: Guarded) => unwrap<Conversation>(api.POST('/conversations/{id}/take', { ...path(id), body: { rev } })),
    onSuccess: (c) => {
      settle(c)
      tell(s.conversation.taken)
      void open(c.id)
    },
    onError: refused,
  })
  const transfer = useMutation({
    mutationFn: ({ id, ...body }: Guarded<{ skill?: string; agent?: string; note: string }>) =>
      unwrap<Conversation>(api.POST('/conversations/{id}/transfer', { ...path(id), body })),
    onSuccess: (c) => {
      settle(c)
      tell(s.conversation.done.transferred)
    },
    onError: refused,
  })
  const requeue = useMutation({
    mutationFn: ({ id, ...body }: Guarded<{ note?: string }>) => unwrap<Conversation>(api.POST('/conversations/{id}/requeue', { ...path(id), body })),
    onSuccess: (c) => {
      settle(c)
      tell(s.conversation.done.requeued)
    },
    onError: refused,
  })
  const giveBack = useMutation({
    mutationFn: ({ id, ...body }: Guarded<{ note?: string }>) => unwrap<Conversation>(api.POST('/conversations/{id}/return', { ...path(id), body })),
    onSuccess: (c) => {
      settle(c)
      tell(s.conversation.done.returned)
    },
    onError: refused,
  })
  const close = useMutation({
    mutationFn: ({ id, ...body }: Guarded<{ outcome: string; summary?: string; fields?: Record<string, unknown> }>) =>
      unwrap<Conversation>(api.POST('/conversations/{id}/close', { ...path(id), body })),
    onSuccess: (c) => {
      settle(c)
      tell(s.conversation.done.closed)
    },
    // What is wrong with a field is told beside it.
    onError: (err) => (err instanceof Failure && err.field?.startsWith('fields.') ? undefined : refused(err)),
  })
  return { accept, decline, take, transfer, requeue, giveBack, close }
}
