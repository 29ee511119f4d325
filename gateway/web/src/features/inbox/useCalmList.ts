import { type RefObject, useCallback, useEffect, useMemo, useState } from 'react'

const idleMs = 2_000

type Held<T> = { scope: string; items: T[] }

/** countPending is how many rows would come, go or move up if `fresh` were shown instead of `held`. */
export function countPending(held: { id: string }[], fresh: { id: string }[]): number {
  const place = new Map(held.map((i, n) => [i.id, n]))
  const kept = new Set(fresh.map((i) => i.id))
  let count = held.filter((i) => !kept.has(i.id)).length
  // A row moves up when one that was before it is after it now.
  let lowest = Infinity
  for (const i of [...fresh].reverse()) {
    const was = place.get(i.id)
    if (was === undefined || was > lowest) count++
    else lowest = was
  }
  return count
}

/**
 * useCalmList keeps rows where they are while the pointer or the focus is on the list: rows change in place, but
 * none moves, comes or goes. `pending` counts what waits; `apply` shows it. Two seconds after the list is left it
 * applies by itself, and at once when `scope` changes.
 */
export function useCalmList<T extends { id: string }>(scope: string, fresh: T[] | undefined, area: RefObject<HTMLElement | null>) {
  const [busy, setBusy] = useState(false)
  const [held, setHeld] = useState<Held<T>>()

  useEffect(() => {
    const el = area.current
    if (!el) return
    let pointer = false
    let focus = false
    let idle: ReturnType<typeof setTimeout> | undefined
    const update = () => {
      clearTimeout(idle)
      if (pointer || focus) setBusy(true)
      else idle = setTimeout(() => setBusy(false), idleMs)
    }
    const ends = new AbortController()
    const on = <K extends 'pointerenter' | 'pointerleave' | 'focusin' | 'focusout'>(kind: K, note: (e: HTMLElementEventMap[K]) => void) =>
      el.addEventListener(kind, (e) => {
        note(e)
        update()
      }, ends)
    // A touch has no pointer that rests on the list.
    on('pointerenter', (e) => (pointer = e.pointerType !== 'touch'))
    on('pointerleave', () => (pointer = false))
    on('focusin', (e) => (focus = e.target instanceof HTMLElement && e.target.matches(':focus-visible')))
    on('focusout', () => (focus = false))
    return () => {
      clearTimeout(idle)
      ends.abort()
    }
  }, [area])

  // An empty list has nothing that could move.
  const holds = busy && held?.scope === scope && held.items.length > 0
  if (fresh && !holds && (held?.scope !== scope || held.items !== fresh)) setHeld({ scope, items: fresh })

  const shown = useMemo(() => {
    if (!holds || !fresh) return fresh?.map((item) => ({ item, gone: false }))
    const byId = new Map(fresh.map((i) => [i.id, i]))
    return held.items.map((old) => ({ item: byId.get(old.id) ?? old, gone: !byId.has(old.id) }))
  }, [holds, held, fresh])

  const pending = useMemo(() => (holds && fresh ? countPending(held.items, fresh) : 0), [holds, held, fresh])

  const apply = useCallback(() => {
    if (fresh) setHeld({ scope, items: fresh })
  }, [fresh, scope])

  return { shown, pending, apply }
}
