import { actAs } from '../api'
import { browserBox, claim, claimed, disclaim, isOwnerKey } from '../live/shelf'
import { useStore } from '../live/store'
import { forgetMarks, keepMarks, marksShelf } from '../live/unread'
import { draftsStore } from './drafts'
import { dispatch, outbox } from './outbox'

const shelves = [draftsStore, outbox, marksShelf]

/** Personal is what belongs to whoever is signed in: drafts, unsent messages, unread marks. */
class Personal {
  private user?: string

  /** enter opens what the user left here, and deletes what others did. It is false when this page has shown somebody else's: load it anew. */
  enter(user: string): boolean {
    if (this.user === user) return true
    const first = this.user === undefined
    if (!first) this.shut()
    this.user = user
    claim(user)
    if (!first) return false
    actAs(user)
    shelves.forEach((k) => k.open(user))
    return true
  }

  /** leave deletes everything, at sign-out. */
  leave() {
    this.shut()
    this.user = undefined
    disclaim()
  }

  /** follow takes over what other tabs do; gone is called when somebody else has signed in, or this person out. */
  follow(gone: () => void) {
    const onStorage = (e: StorageEvent) => {
      if (this.user === undefined || (e.storageArea !== null && e.storageArea !== browserBox())) return
      if ((isOwnerKey(e.key) || e.key === null) && claimed() !== undefined && claimed() !== this.user) return gone()
      if (isOwnerKey(e.key) && claimed() === undefined) return gone()
      if (e.key === null) claim(this.user)
      shelves.forEach((k) => k.heard(e.key))
    }
    const onHide = () => keepMarks()
    const onUnload = (e: BeforeUnloadEvent) => {
      // Where storage is full or forbidden, words would go with the page.
      if (draftsStore.unsaved() || outbox.unsaved()) e.preventDefault()
    }
    window.addEventListener('storage', onStorage)
    window.addEventListener('pagehide', onHide)
    window.addEventListener('beforeunload', onUnload)
    return () => {
      window.removeEventListener('storage', onStorage)
      window.removeEventListener('pagehide', onHide)
      window.removeEventListener('beforeunload', onUnload)
    }
  }

  private shut() {
    dispatch.stop()
    draftsStore.shut()
    outbox.shut()
    forgetMarks()
    actAs(undefined)
  }
}

export const personal = new Personal()

/** Words that were typed or sent and have not reached the server. */
export type Unsent = { conversation: string; text: string }

/** useUnsentWords is what ends with the session, by conversation. */
export function useUnsentWords(): Unsent[] {
  const [unsent, drafts] = [useStore(outbox), useStore(draftsStore)]
  const typed = Object.entries(drafts).flatMap(([conversation, d]) => [d.reply, d.note].map((text) => ({ conversation, text: text?.trim() ?? '' })))
  return [...Object.values(unsent), ...typed].filter((w) => w.text !== '').map(({ conversation, text }) => ({ conversation, text }))
}
