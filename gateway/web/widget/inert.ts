// inertAround takes the rest of the page out of reach, for a dialog that covers the whole screen; the answer undoes it.
export function inertAround(element: HTMLElement): () => void {
  const made = [...document.body.children].filter((other): other is HTMLElement => other instanceof HTMLElement && !other.inert && !other.contains(element))
  const set = (inert: boolean): void => made.forEach((other) => (other.inert = inert))
  set(true)
  return () => set(false)
}
