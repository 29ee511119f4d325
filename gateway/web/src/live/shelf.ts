import { Store, without } from './store'

/** Box is what a Shelf needs of the browser's storage. */
export type Box = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

/** browserBox is the browser's storage, undefined where it is forbidden. */
export const browserBox = (): Box | undefined => tried(() => localStorage)

/** tried is what f gives; undefined where storage is forbidden or full. */
function tried<T>(f: () => T): T | undefined {
  try {
    return f()
  } catch {
    return undefined
  }
}

const ownerKey = 'parley.user'
const prefixOf = (owner: string) => `parley:${owner}:`

/**
 * Shelf is a Store of entries that belong to one signed-in person and outlive a reload. Each has its own place in the
 * browser's storage, so that two tabs never write over each other's. Where storage is full or forbidden an entry lives
 * as long as the page.
 */
export class Shelf<T> extends Store<Readonly<Record<string, T>>> {
  private owner?: string
  private readonly loose = new Set<string>()

  /** read gives the entry of a parsed value, undefined for one of another shape. */
  constructor(
    private readonly name: string,
    private readonly read: (value: unknown) => T | undefined,
    private readonly box: () => Box | undefined = browserBox,
  ) {
    super({})
  }

  /** open shows what the owner left here. */
  open(owner: string) {
    this.owner = owner
    this.loose.clear()
    const found: Record<string, T> = {}
    for (const key of keysOf(this.box())) {
      const id = this.idOf(key)
      const entry = id === undefined ? undefined : this.stored(id)
      if (id !== undefined && entry !== undefined) found[id] = entry
    }
    this.set(found)
  }

  /** shut forgets what is shown; what is stored stays. */
  shut() {
    this.owner = undefined
    this.loose.clear()
    this.set({})
  }

  put(id: string, entry: T) {
    this.set((all) => ({ ...all, [id]: entry }))
    const box = this.box()
    // A tab that has not noticed yet that somebody else signed in leaves no traces.
    const kept = tried(() => {
      if (!box || this.owner === undefined || box.getItem(ownerKey) !== this.owner) return false
      box.setItem(this.keyOf(id), JSON.stringify(entry))
      return true
    })
    if (kept) return void this.loose.delete(id)
    this.loose.add(id)
    // An older text must not come back in place of this one.
    tried(() => box?.removeItem(this.keyOf(id)))
  }

  drop(id: string) {
    this.loose.delete(id)
    this.set((all) => without(all, id))
    tried(() => this.box()?.removeItem(this.keyOf(id)))
  }

  /** current is an entry as it is stored by now, maybe by another tab. */
  current(id: string): T | undefined {
    return this.loose.has(id) ? this.get()[id] : this.stored(id)
  }

  /** heard takes over what another tab has written; a key of null stands for all. */
  heard(key: string | null) {
    if (this.owner === undefined) return
    if (key === null) {
      // Somebody cleared the storage. What is shown here is written again.
      for (const [id, entry] of Object.entries(this.get())) this.put(id, entry)
      return
    }
    const id = this.idOf(key)
    if (id !== undefined) this.heardOf(id)
  }

  /** heardOf shows an entry as it is stored by now. */
  heardOf(id: string) {
    const entry = this.current(id)
    this.set((all) => (entry === undefined ? without(all, id) : { ...all, [id]: entry }))
  }

  /** unsaved is whether a reload would lose something. */
  unsaved() {
    return this.loose.size > 0
  }

  private keyOf(id: string) {
    return `${prefixOf(this.owner ?? '')}${this.name}:${id}`
  }

  private idOf(key: string): string | undefined {
    const prefix = this.keyOf('')
    return this.owner !== undefined && key.startsWith(prefix) ? key.slice(prefix.length) : undefined
  }

  private stored(id: string): T | undefined {
    const text = tried(() => this.box()?.getItem(this.keyOf(id)))
    return typeof text === 'string' ? tried(() => this.read(JSON.parse(text))) : undefined
  }
}

function keysOf(box: Box | undefined): string[] {
  return tried(() => Array.from({ length: box?.length ?? 0 }, (_, i) => box?.key(i) ?? '')) ?? []
}

/** The places of before texts belonged to somebody. Nobody knows whose they are. */
const nobodys = ['parley.outbox', 'parley.drafts', 'parley.unread']

/** claim makes the browser's storage the user's: what others left in it is deleted. */
export function claim(user: string, box = browserBox()) {
  for (const key of keysOf(box)) {
    if (nobodys.includes(key) || (key.startsWith('parley:') && !key.startsWith(prefixOf(user)))) box?.removeItem(key)
  }
  tried(() => box?.setItem(ownerKey, user))
}

/** disclaim deletes everything that belongs to anybody, at sign-out. */
export function disclaim(box = browserBox()) {
  for (const key of keysOf(box)) if (key === ownerKey || nobodys.includes(key) || key.startsWith('parley:')) box?.removeItem(key)
}

/** claimed is whose the storage is, undefined when nobody's or not known. */
export const claimed = (box = browserBox()): string | undefined => tried(() => box?.getItem(ownerKey)) ?? undefined

export const isOwnerKey = (key: string | null) => key === ownerKey
