/** @jsxImportSource preact */
import type { JSX } from 'preact'

// The widget's few icons, drawn on a grid of 24.
const shapes = {
  chat: 'M21 12a8 8 0 0 1-12 7l-5 1 1-5a8 8 0 1 1 16-3Z',
  close: 'M6 6l12 12M18 6 6 18',
  send: 'M5 12 3 4l18 8-18 8 2-8Zm0 0h7',
}

export function Icon({ name }: { name: keyof typeof shapes }): JSX.Element {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d={shapes[name]} />
    </svg>
  )
}
