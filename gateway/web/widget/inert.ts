// inertAround takes everything beside an element out of reach, for a dialog that covers the whole screen; the answer undoes it.
export function inertAround(element: HTMLElement): () => void {
  const made: HTMLElement[] = []
  for (let at: Element | null = element; at && at !== document.body; at = at.parentElement) {
    for (const other of at.parentElement?.children ?? []) {
      if (other === at || !(other instanceof HTMLElement) || other.inert || other.tagName === 'SCRIPT' || other.tagName === 'STYLE') continue
      other.inert = true
      made.push(other)
    }
  }
  return () => {
    for (const other of made) other.inert = false
  }
}
