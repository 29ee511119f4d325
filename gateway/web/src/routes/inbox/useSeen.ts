import { useEffect, useRef } from 'react'
import { api, type Conversation } from '../../api'
import type { Line } from '../../live/thread'
import { markSeen } from '../../live/unread'

const receiptEveryMs = 2_000

/** useSeen notes what is on the screen as read: here for the unread count, and for the consumer's ticks if it is mine. */
export function useSeen(c: Conversation | undefined, lines: Line[], mine: boolean) {
  const told = useRef('')
  const toldAt = useRef(0)
  useEffect(() => {
    const note = () => {
      if (!c || document.visibilityState === 'hidden') return
      markSeen(c.id, c.last_at)
      const last = lines.findLast((l) => l.author === 'consumer' && l.conversation === c.id)
      if (!mine || !last || told.current === last.id) return
      // The last of many says it for all: a receipt every two seconds is enough.
      const wait = toldAt.current + receiptEveryMs - Date.now()
      if (wait > 0) {
        timer = setTimeout(note, wait)
        return
      }
      told.current = last.id
      toldAt.current = Date.now()
      // A lost receipt is no loss to the agent; the next one tells the same.
      api.POST('/conversations/{id}/read', { params: { path: { id: c.id } }, body: { message: last.id } }).catch(() => {
        told.current = ''
      })
    }
    let timer: ReturnType<typeof setTimeout> | undefined
    note()
    document.addEventListener('visibilitychange', note)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', note)
    }
  }, [c, lines, mine])
}
