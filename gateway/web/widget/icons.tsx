/** @jsxImportSource preact */
import type { JSX } from 'preact'

// The widget's few icons, drawn on a grid of 24.
const shapes = {
  chat: 'M20 11.5a7.5 7.5 0 0 1-7.5 7.5c-1.2 0-2.4-.3-3.4-.8L4 20l1.6-4.2A7.5 7.5 0 1 1 20 11.5Z',
  close: 'M6 6l12 12M18 6 6 18',
  send: 'M4.5 12 3.5 4.5 21 12 3.5 19.5 4.5 12Zm0 0H12',
  down: 'M12 5v14M6 13l6 6 6-6',
  file: 'M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8l-5-5Zm0 0v5h5',
  pin: 'M12 21c4-4.5 7-7.7 7-11a7 7 0 1 0-14 0c0 3.3 3 6.5 7 11Zm0-8.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z',
}

export function Icon({ name }: { name: keyof typeof shapes }): JSX.Element {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d={shapes[name]} />
    </svg>
  )
}
