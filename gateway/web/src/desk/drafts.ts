import type { Event } from '../api'

/** Conflict is a reply that the server refused: what happened since the writer last looked. */
export type Conflict = { events: Event[]; message: string; after: string }

/** Draft is what was typed and not sent. A `conflict` says why the reply came back. */
export type Draft = { reply?: string; note?: string; mode?: 'reply' | 'note'; conflict?: Conflict }

const isText = (v: unknown) => v === undefined || typeof v === 'string'

export function isConflict(v: unknown): v is Conflict {
  const c = v as Partial<Conflict> | null | undefined
  return typeof c === 'object' && c !== null && Array.isArray(c.events) && typeof c.message === 'string' && typeof c.after === 'string'
}

export function readDraft(v: unknown): Draft | undefined {
  if (typeof v !== 'object' || v === null) return undefined
  const { reply, note, mode, conflict } = v as Draft
  if (!isText(reply) || !isText(note)) return undefined
  return { reply, note, mode: mode === 'note' ? 'note' : 'reply', ...(isConflict(conflict) ? { conflict } : {}) }
}
