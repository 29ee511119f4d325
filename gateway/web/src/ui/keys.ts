import { useLocalStorage } from '@mantine/hooks'
import { useEffect, useRef } from 'react'

/** useLetters is whether single keys act; people who dictate turn them off. */
export const useLetters = () => useLocalStorage({ key: 'parley.letters', defaultValue: true, getInitialValueInEffect: false })

const typesInto = (el: EventTarget | null) =>
  el instanceof HTMLElement && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName))

/** Steps go on while their key is held. Everything else happens once a press: a slow finger must not accept the next offer, too. */
const steps = new Set(['j', 'k'])

/** useKeys runs the action of a single key, outside of inputs, menus and dialogs. */
export function useKeys(actions: Record<string, (() => void) | undefined>) {
  const [letters] = useLetters()
  const latest = useRef({ actions, letters })
  useEffect(() => {
    latest.current = { actions, letters }
  })
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      if (e.defaultPrevented || e.metaKey || e.ctrlKey || e.altKey || e.isComposing || typesInto(e.target)) return
      const key = e.key.length === 1 ? e.key.toLowerCase() : e.key
      if (e.repeat && !steps.has(key)) return
      if (!latest.current.letters && key.length === 1 && key !== '?') return
      if (document.querySelector('[role="dialog"][aria-modal="true"], [role="menu"]')) return
      const action = latest.current.actions[key]
      if (!action) return
      e.preventDefault()
      action()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}
