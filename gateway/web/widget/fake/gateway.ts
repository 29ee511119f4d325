import type { Content, Frame, Message, Page, Status } from '../wire'

// Gateway is the server's side of web chat in memory, by the same protocol: an event log with cursors, idempotent sends,
// receipts. Tests reach it through fetch and sockets (memory.ts) or over real HTTP (server.ts).

export interface Answer {
  status: number
  body?: unknown
}

export interface Peer {
  send(frame: Frame): void
  close(code: number): void
}

type Durable = Extract<Frame, { cursor: string }>

const maxWait = 100 // ms that a long poll of a test waits at most

export class Gateway {
  readonly log: Durable[] = []
  readonly messages: Message[] = []
  readonly receipts: { delivered: string[]; read: string[] }[] = []
  readonly typed: boolean[] = []
  readonly requests: string[] = []
  readonly exchanges: Record<string, unknown>[] = [] // bodies of POST /session
  status: Status = { open: false, owner: 'none' }
  readonly starts: string[] = [] // how many visitors there are
  brand = { name: 'Northwind', color: '#0f766e', bot_name: 'Billing bot' }
  refuseSockets = false
  refuse: Answer | undefined // answers every HTTP request
  loseAnswers = 0 // sends that are stored while their answer gets lost
  validToken = 'token-1'
  onMessage: (m: Message) => void = () => undefined
  private readonly peers = new Map<Peer, boolean>()
  private waiting: (() => void)[] = []
  private clock: number

  constructor(now: number) {
    this.clock = now
  }

  async handle(method: string, path: string, token: string | undefined, body: Record<string, unknown>): Promise<Answer> {
    const url = new URL(path, 'http://gateway')
    const name = `${method} /${url.pathname.split('/').slice(3).join('/')}`
    this.requests.push(name)
    if (this.refuse) return this.refuse
    if (name === 'POST /session') {
      this.exchanges.push(body)
      const known = body.token === undefined || body.token === 'token-1'
      if (!known) return { status: 401, body: { code: 'unauthenticated', message: 'Sign in again.' } }
      return { status: 200, body: { token: this.validToken, expires_at: this.clock + 86_400_000, visitor: this.visitor(body), brand: this.brand, languages: ['en'] } }
    }
    if (token !== this.validToken) return { status: 401, body: { code: 'unauthenticated', message: 'Sign in again.' } }
    switch (name) {
      case 'GET /messages':
        return { status: 200, body: this.page(url.searchParams.get('before'), Number(url.searchParams.get('limit'))) }
      case 'POST /messages':
        return this.receive(body as unknown as { client_id: string; text?: string; choice?: { id: string; label: string } })
      case 'POST /typing':
        this.typed.push(body.on === true)
        return { status: 204 }
      case 'POST /receipts':
        this.take(body)
        return { status: 204 }
      case 'GET /events':
        return { status: 200, body: await this.events(url.searchParams.get('after') ?? '', Number(url.searchParams.get('wait'))) }
      default:
        return { status: 404, body: { code: 'not_found', message: 'No such page.' } }
    }
  }

  // join adds a socket; hear is called with each of its frames.
  join(peer: Peer): void {
    this.peers.set(peer, false)
  }

  hear(peer: Peer, text: string): void {
    const f = JSON.parse(text) as { type: string; token?: string; after?: string; on?: boolean; delivered?: string[]; read?: string[] }
    if (f.type === 'hello') {
      if (f.token !== this.validToken) return peer.close(4401)
      for (const frame of this.log.slice(Number(f.after))) peer.send(frame)
      peer.send({ type: 'live', cursor: String(this.log.length) })
      this.peers.set(peer, true)
    } else if (f.type === 'typing') this.typed.push(f.on === true)
    else if (f.type === 'receipt') this.take(f)
  }

  leave(peer: Peer): void {
    this.peers.delete(peer)
  }

  cutSockets(code = 1006): void {
    for (const peer of [...this.peers.keys()]) peer.close(code)
  }

  get sockets(): number {
    return this.peers.size
  }

  say(author: Message['author'], content: Content, name?: string, clientId?: string): Message {
    const message: Message = { id: `m${this.messages.length + 1}`, client_id: clientId, author, author_name: name, content, state: author === 'consumer' ? 'received' : 'sent', at: ++this.clock }
    this.messages.push(message)
    this.append({ type: 'message', cursor: '', message })
    return message
  }

  // history puts earlier messages in place without telling anybody.
  history(count: number, from: number): void {
    for (let i = 1; i <= count; i++) {
      this.messages.push({ id: `m${i}`, author: i % 2 ? 'consumer' : 'bot', author_name: i % 2 ? undefined : 'Billing bot', content: { text: `Line ${i}` }, state: 'read', at: from + i * 60_000 })
    }
  }

  setState(id: string, state: Message['state']): void {
    const m = this.messages.find((x) => x.id === id)
    if (m) m.state = state
    this.append({ type: 'state', cursor: '', message: id, state })
  }

  setStatus(status: Status): void {
    this.status = status
    this.append({ type: 'status', cursor: '', status })
  }

  typing(on: boolean): void {
    for (const [peer, live] of this.peers) if (live) peer.send({ type: 'typing', author: 'bot', on })
  }

  // Whoever has a token is the one visitor of the tests; starts are told apart.
  private visitor(body: Record<string, unknown>): string {
    if (body.token === undefined && typeof body.start === 'string' && !this.starts.includes(body.start)) this.starts.push(body.start)
    return body.token === undefined && this.starts.length > 1 && body.start !== this.starts[0] ? `v${this.starts.length}` : 'v1'
  }

  private append(frame: Durable): void {
    this.log.push(frame)
    frame.cursor = String(this.log.length)
    for (const [peer, live] of this.peers) if (live) peer.send(frame)
    for (const wake of this.waiting.splice(0)) wake()
  }

  private receive(body: { client_id: string; text?: string; choice?: { id: string; label: string } }): Answer {
    const known = this.messages.find((m) => m.client_id === body.client_id)
    if (known) return { status: 200, body: { message: known } }
    if (body.text === 'refuse me') return { status: 422, body: { code: 'invalid', message: 'Not this.' } }
    const message = this.say('consumer', body.choice ? { text: body.choice.label, picked: body.choice } : { text: body.text }, undefined, body.client_id)
    this.onMessage(message)
    if (this.loseAnswers > 0) {
      this.loseAnswers--
      return { status: 0 }
    }
    return { status: 201, body: { message } }
  }

  private take(r: { delivered?: unknown; read?: unknown }): void {
    const receipt = { delivered: (r.delivered as string[] | undefined) ?? [], read: (r.read as string[] | undefined) ?? [] }
    this.receipts.push(receipt)
    for (const id of receipt.delivered) this.setState(id, 'delivered')
    for (const id of receipt.read) this.setState(id, 'read')
  }

  private page(before: string | null, limit: number): Page {
    const end = before ? this.messages.findIndex((m) => m.id === before) : this.messages.length
    const start = Math.max(0, end - limit)
    return { messages: this.messages.slice(start, end), more: start > 0, cursor: String(this.log.length), status: this.status }
  }

  private async events(after: string, wait: number): Promise<{ frames: Frame[]; cursor: string }> {
    if (wait > 0 && Number(after) >= this.log.length) {
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve)
        setTimeout(resolve, maxWait)
      })
    }
    return { frames: this.log.slice(Number(after)), cursor: String(this.log.length) }
  }
}
