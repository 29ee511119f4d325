import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, type Presence, type Session, sessionQuery, unwrap } from '../api'
import { tellFailure } from '../ui/tell'

const presenceKey = ['presence']
/** usePresence sets whether I take conversations; it shows at once. */
export function usePresence() {
  const queries = useQueryClient()
  // What was chosen since is shown already.
  const isLast = () => queries.isMutating({ mutationKey: presenceKey }) <= 1
  return useMutation({
    mutationKey: presenceKey,
    scope: { id: 'presence' }, // one after the other, as they were chosen
    mutationFn: (presence: Presence) => unwrap<Session>(api.PUT('/presence', { body: { presence } })),
    onMutate: (presence) => {
      const old = queries.getQueryData(sessionQuery.queryKey)
      if (old) queries.setQueryData(sessionQuery.queryKey, { ...old, user: { ...old.user, presence } })
      return old
    },
    onSuccess: (session) => {
      if (isLast()) queries.setQueryData(sessionQuery.queryKey, session)
    },
    onError: (err, _presence, old) => {
      if (old && isLast()) queries.setQueryData(sessionQuery.queryKey, old)
      tellFailure(err)
    },
  })
}
