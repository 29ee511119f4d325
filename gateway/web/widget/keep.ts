import { type Said, type Session } from './wire'

// What outlives the page, in the host's own storage and apart for each channel: the session and the messages that
// were not yet taken. Storage may be refused (private windows, blocked cookies): then memory serves for this page.

export interface Waiting {
  clientId: string
  said: Said
  at: number
  failed?: boolean
}

export type Stored = Pick<Session, 'token' | 'visitor' | 'brand'>

const maxWaiting = 50

export class Keep {
  private readonly memory = new Map<string, string>()
  private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | undefined
  readonly sessionKey: string
  private readonly outboxKey: string

  constructor(channel: string, storage?: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>) {
    this.storage = storage
    this.sessionKey = `gw-chat:${channel}:session`
    this.outboxKey = `gw-chat:${channel}:outbox`
  }

  session(): Stored | undefined {
    const s = this.read(this.sessionKey) as Stored | undefined
    return typeof s?.token === 'string' && typeof s.visitor === 'string' ? s : undefined
  }

  setSession(s: Stored): void {
    this.write(this.sessionKey, { token: s.token, visitor: s.visitor, brand: s.brand })
  }

  outbox(): Waiting[] {
    const list = this.read(this.outboxKey)
    return Array.isArray(list) ? list.filter((w: Waiting | null) => typeof w?.clientId === 'string' && typeof w.said === 'object' && w.said !== null) : []
  }

  add(w: Waiting): void {
    this.write(this.outboxKey, [...this.outbox(), w].slice(-maxWaiting))
  }

  mark(clientId: string, failed: boolean): void {
    this.write(this.outboxKey, this.outbox().map((w) => (w.clientId === clientId ? { ...w, failed } : w)))
  }

  drop(clientId: string): void {
    const list = this.outbox()
    const rest = list.filter((w) => w.clientId !== clientId)
    if (rest.length !== list.length) this.write(this.outboxKey, rest)
  }

  private read(key: string): unknown {
    try {
      return JSON.parse(this.memory.get(key) ?? this.storage?.getItem(key) ?? 'null') ?? undefined
    } catch {
      return undefined
    }
  }

  private write(key: string, value: unknown): void {
    const text = JSON.stringify(value)
    try {
      if (!this.storage) throw new Error('no storage')
      this.storage.setItem(key, text)
      this.memory.delete(key)
    } catch {
      this.memory.set(key, text)
    }
  }
}

// hostStorage is the page's localStorage, or nothing where even touching it throws.
export function hostStorage(): Storage | undefined {
  try {
    return window.localStorage
  } catch {
    return undefined
  }
}
