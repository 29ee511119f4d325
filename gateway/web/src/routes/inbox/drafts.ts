import { storedStore } from '../../live/store'

export type Draft = { reply?: string; note?: string; mode?: 'reply' | 'note' }

/** draftsStore keeps what was typed and not sent, by conversation, across reloads. */
export const draftsStore = storedStore<Record<string, Draft>>('parley.drafts', {})

export function setDraft(id: string, change: Draft) {
  draftsStore.set((all) => {
    const draft = { ...all[id], ...change }
    const { [id]: _old, ...rest } = all
    return draft.reply || draft.note || draft.mode === 'note' ? { ...rest, [id]: draft } : rest
  })
}
