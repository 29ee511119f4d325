import { useEffect, useRef } from 'react'
import { storedStore } from '../live/store'

/** lettersOn is whether single keys act; people who dictate turn them off. */
export const lettersOn = storedStore('parley.letters', true)

const typesInto = (el: EventTarget | null) =>
  el instanceof HTMLElement && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName))

/** Steps go on while their key is held. Everything else happens once a press: a slow finger must not accept the next offer, too. */
const steps = new Set(['j', 'k'])

/** useKeys runs the action of a single key, outside of inputs, menus and dialogs. */
export function useKeys(actions: Record<string, (() => void) | undefined>) {
  const latest = useRef(actions)
  useEffect(() => {
    latest.current = actions
  })
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      if (e.defaultPrevented || e.metaKey || e.ctrlKey || e.altKey || e.isComposing || typesInto(e.target)) return
      const key = e.key.length === 1 ? e.key.toLowerCase() : e.key
      if (e.repeat && !steps.has(key)) return
      if (!lettersOn.get() && key.length === 1 && key !== '?') return
      if (document.querySelector('[role="dialog"][aria-modal="true"], [role="menu"]')) return
      const action = latest.current[key]
      if (!action) return
      e.preventDefault()
      action()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}
