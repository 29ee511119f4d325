import { type Said, type Session } from './wire'

// What outlives the page, in the host's own storage and apart for each channel: the session and the messages that
// were not yet taken.

export interface Waiting {
  clientId: string
  said: Said
  at: number
  failed?: boolean
}

export type Stored = Pick<Session, 'token' | 'visitor' | 'brand'>

const maxWaiting = 50

export type Store = Pick<Storage, 'getItem' | 'setItem'>

export class Keep {
  readonly #store: Store
  readonly #key: string

  constructor(channel: string, store: Store) {
    this.#store = store
    this.#key = `gw-chat:${channel}:`
  }

  session(): Stored | undefined {
    return this.#read<Stored>('session')
  }

  setSession({ token, visitor, brand }: Stored): void {
    this.#write('session', { token, visitor, brand })
  }

  outbox(): Waiting[] {
    return this.#read<Waiting[]>('outbox') ?? []
  }

  add(w: Waiting): void {
    this.#write('outbox', [...this.outbox(), w].slice(-maxWaiting))
  }

  mark(clientId: string, failed: boolean): void {
    this.#write('outbox', this.outbox().map((w) => (w.clientId === clientId ? { ...w, failed } : w)))
  }

  drop(clientId: string): void {
    this.#write('outbox', this.outbox().filter((w) => w.clientId !== clientId))
  }

  #read<T>(name: string): T | undefined {
    try {
      return (JSON.parse(this.#store.getItem(this.#key + name) ?? 'null') as T | null) ?? undefined
    } catch {
      return undefined // not ours
    }
  }

  #write(name: string, value: unknown): void {
    this.#store.setItem(this.#key + name, JSON.stringify(value))
  }
}

// hostStore is the page's localStorage; where that is refused (private windows, blocked cookies) memory serves for this page.
export function hostStore(): Store {
  try {
    localStorage.setItem('gw-chat', '')
    return localStorage
  } catch {
    const memory = new Map<string, string>()
    return { getItem: (key) => memory.get(key) ?? null, setItem: (key, value) => void memory.set(key, value) }
  }
}
