import { visible } from '../text/typing'
import { type Said, type Session } from './wire'

// What outlives the page, in the host's own storage and apart for each channel: the session and the messages that were not yet
// taken. The storage is the host's: it may be full, blocked, changed by others, or become so at any time. What it does not take
// is kept in the next one, and at last in memory.

export interface Waiting {
  clientId: string
  said: Said
  at: number
  failed?: boolean
}

export type Stored = Pick<Session, 'token' | 'visitor' | 'brand'>

const maxWaiting = 50

export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

export class Keep {
  readonly #stores: Store[]
  readonly #memory = new Map<string, string>()
  readonly #gone = new Set<string>() // client ids that a storage may still have and that are settled
  readonly name: string

  constructor(channel: string, stores: Store[]) {
    this.name = `gw-chat:${channel}:`
    const memory = this.#memory
    this.#stores = [...stores, { getItem: (key) => memory.get(key) ?? null, setItem: (key, value) => void memory.set(key, value), removeItem: (key) => void memory.delete(key) }]
    const found = this.#all('outbox').flatMap((list) => (list instanceof Object ? Object.values(list) : []))
    const read = found.flatMap((w) => salvage(w) ?? [])
    if (read.length > this.outbox().length) this.#put(read)
  }

  session(): Stored | undefined {
    return this.#all('session').findLast((s): s is Stored => {
      const { token, visitor, brand } = (s ?? {}) as Partial<Stored>
      return typeof token === 'string' && typeof visitor === 'string' && typeof brand?.name === 'string'
    })
  }

  setSession({ token, visitor, brand }: Stored): void {
    this.#write('session', { token, visitor, brand })
    this.#remove('start')
  }

  // start is the same until there is a session, and for all tabs that agree.
  async start(agree: (own: string) => Promise<string>): Promise<string> {
    const kept = this.#all('start').findLast((s): s is string => typeof s === 'string' && idForm.test(s))
    const start = kept ?? (await agree(uuid()))
    if (!kept) this.#write('start', start)
    return start
  }

  outbox(): Waiting[] {
    const list = new Map<string, Waiting>()
    for (const w of this.#all('outbox').flat()) if (isWaiting(w) && !this.#gone.has(w.clientId)) list.set(w.clientId, w)
    return [...list.values()].sort((a, b) => a.at - b.at)
  }

  // saved tells whether what waits outlives the page.
  saved(): boolean {
    return !this.#memory.has(`${this.name}outbox`)
  }

  // add says no when too much waits already; what was refused for good makes room.
  add(w: Waiting): boolean {
    const list = this.outbox()
    if (list.length >= maxWaiting) {
      const old = list.findIndex((x) => x.failed)
      if (old < 0) return false
      this.#gone.add(list.splice(old, 1)[0]?.clientId ?? '')
    }
    this.#put([...list, w])
    return true
  }

  mark(clientId: string, failed: boolean): void {
    this.#put(this.outbox().map((w) => (w.clientId === clientId ? { ...w, failed } : w)))
  }

  drop(clientId: string): void {
    const list = this.outbox()
    this.#gone.add(clientId)
    if (list.some((w) => w.clientId === clientId)) this.#put(list.filter((w) => w.clientId !== clientId))
  }

  #put(list: Waiting[]): void {
    if (list.length) this.#write('outbox', list)
    else this.#remove('outbox')
  }

  // #all is what the storages have under the name, the last resort last.
  #all(name: string): unknown[] {
    return this.#stores.flatMap((store) => attempt(() => [JSON.parse(store.getItem(this.name + name) ?? 'null') as unknown]) ?? [])
  }

  #remove(name: string): void {
    for (const store of this.#stores) attempt(() => store.removeItem(this.name + name))
  }

  // #write puts the value where there is room, and takes older ones out of the later places.
  #write(name: string, value: unknown): void {
    const key = this.name + name
    const text = json(value)
    let done = false
    for (const store of this.#stores) {
      attempt(() => {
        if (done) return store.removeItem(key)
        store.setItem(key, text)
        done = true
      })
    }
  }
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}

const idForm = /^[\w-]{8,64}$/

function isWaiting(x: unknown): x is Waiting {
  const { clientId, said, at } = (x ?? {}) as Partial<Waiting>
  if (typeof clientId !== 'string' || !idForm.test(clientId) || typeof at !== 'number') return false
  const { text, choice } = (said ?? {}) as { text?: unknown; choice?: { id?: unknown; label?: unknown } }
  return typeof text === 'string' || (typeof choice?.id === 'string' && typeof choice.label === 'string')
}

// salvage saves the words of an entry that another version has written, or that was damaged.
function salvage(x: unknown): Waiting | undefined {
  if (isWaiting(x)) return x
  const { said, text, clientId, client_id: other } = (x ?? {}) as { said?: { text?: unknown }; text?: unknown; clientId?: unknown; client_id?: unknown }
  const words = [said?.text, said, text, x].find((t) => typeof t === 'string')
  if (typeof words !== 'string' || !visible(words)) return undefined
  const id = [clientId, other].find((t) => typeof t === 'string' && idForm.test(t))
  return { clientId: typeof id === 'string' ? id : uuid(), said: { text: words }, at: Date.now() }
}

// json is JSON.stringify for pages that give arrays a toJSON of their own, as old versions of Prototype do.
export const json = (value: unknown): string =>
  JSON.stringify(value, function (this: Record<string, unknown>, key: string) {
    return this[key]
  })

// uuid is a random v4 id; crypto.randomUUID would need a secure page.
export function uuid(): string {
  return '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (c) => (Number(c) ^ ((crypto.getRandomValues(new Uint8Array(1))[0] ?? 0) & (15 >> (Number(c) / 4)))).toString(16))
}

// hostStores are the page's storages, as far as it has any: a private window or blocked cookies refuse even to name them.
export function hostStores(): Store[] {
  return [() => localStorage, () => sessionStorage].flatMap((get) => attempt(get) ?? [])
}

const agreedFor = 60_000 // ms, in which tabs count as starting together
const agreeWait = 1000 // ms

// agreed gives the first tab's start to all of them. Only a transaction orders tabs: what one writes to a Storage, others see later.
export function agreed(name: string, own: string): Promise<string> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(own), agreeWait)
    attempt(() => {
      const open = indexedDB.open('gw-chat')
      open.onupgradeneeded = () => open.result.createObjectStore('starts')
      open.onsuccess = () => {
        const starts = open.result.transaction('starts', 'readwrite').objectStore('starts')
        const first = starts.get(name) as IDBRequest<{ start: string; at: number } | undefined>
        first.onsuccess = () => {
          const { start, at } = first.result ?? { start: own, at: 0 }
          const ours = Math.abs(Date.now() - at) > agreedFor
          if (ours) starts.put({ start: own, at: Date.now() }, name)
          resolve(ours ? own : start)
        }
        open.result.close()
      }
    })
  })
}
