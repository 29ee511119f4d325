import { useEffect, useRef } from 'react'
import { api, type Conversation } from '../../api'
import { useLive } from '../../live/live'
import type { Line } from '../../live/thread'

/** useSeen notes what is on the screen as read: here for the unread count, and for the consumer's ticks if it is mine. */
export function useSeen(c: Conversation | undefined, lines: Line[], mine: boolean) {
  const { caches, unread } = useLive()
  const told = useRef('')
  useEffect(() => {
    const note = () => {
      if (!c || document.visibilityState === 'hidden') return
      unread.see(c.id, c.last_at)
      const last = lines.findLast((l) => l.author === 'consumer' && l.conversation === c.id)
      if (!mine || !last || told.current === last.id) return
      caches.tellRead(c.id, () => {
        told.current = last.id
        // A lost receipt is no loss to the agent; the next one tells the same.
        return api.POST('/conversations/{id}/read', { params: { path: { id: c.id } }, body: { message: last.id } }).catch(() => {
          told.current = ''
        })
      })
    }
    note()
    document.addEventListener('visibilitychange', note)
    return () => {
      document.removeEventListener('visibilitychange', note)
    }
  }, [c, lines, mine, caches, unread])
}
