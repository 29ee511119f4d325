import { Api, Refused } from './api'
import { Keep } from './keep'
import { Line } from './line'
import { Outbox } from './outbox'
import { initial, receipts, reduce, type Action, type State } from './store'
import type { Frame, Said } from './wire'

// Chat is the shell around the store: it owns the session, the line, the outbox and the receipts of one channel.

export interface World {
  base: string // the gateway's origin
  channel: string
  language: string
  fetch: typeof fetch
  socket: (url: string) => WebSocket
  keep: Keep
}

const typingEvery = 3000 // ms between two typing notices while keys are pressed
const typingEnds = 5000 // ms after the last key
const remoteTypingEnds = 10_000 // ms, should its end get lost
const receiptDelay = 150 // ms, to send receipts in batches
const receiptBatch = 50

export class Chat {
  state: State = initial
  private readonly world: World
  private readonly changed: (state: State, was: State, action: Action) => void
  private readonly api: Api
  private readonly line: Line
  private readonly outbox: Outbox
  private exchanging: Promise<string> | undefined
  private token: string | undefined
  private watching = false
  private running = false
  private stopped = false
  private typedAt = 0
  private readonly told = new Map<string, string>()
  private readonly timers: Partial<Record<'receipts' | 'typing' | 'remote', ReturnType<typeof setTimeout>>> = {}

  constructor(world: World, changed: (state: State, was: State, action: Action) => void) {
    this.world = world
    this.changed = changed
    this.api = new Api(world.base, world.channel, world.fetch)
    this.line = new Line({
      token: () => this.session(),
      renew: async () => void (await this.exchange()),
      cursor: () => this.cursor(),
      poll: (after, wait, signal) => this.authed((t) => this.api.events(t, after, wait, signal)),
      socket: () => world.socket(this.api.live),
      frame: (f) => this.frame(f),
      joined: () => this.joined(),
      lost: () => this.dispatch({ type: 'phase', phase: 'lost' }),
      refused: () => this.dispatch({ type: 'phase', phase: 'refused' }),
    })
    this.outbox = new Outbox(world.keep, {
      post: async (w) => (await this.authed((t) => this.api.send(t, w.clientId, w.said))).message,
      accepted: (message) => this.dispatch({ type: 'accepted', message }),
      refused: (clientId, error) => this.dispatch({ type: 'refused', clientId, error }),
    })
  }

  start(): void {
    if (this.running) return
    this.running = true
    const kept = this.world.keep.session()
    if (kept) this.dispatch({ type: 'session', session: kept })
    this.dispatch({ type: 'phase', phase: 'connecting' })
    for (const w of this.world.keep.outbox()) this.dispatch({ type: 'queued', ...w })
    void this.line.run()
    void this.outbox.pump()
  }

  stop(): void {
    this.stopped = true
    this.line.stop()
    this.outbox.stop()
    for (const t of Object.values(this.timers)) clearTimeout(t)
  }

  send(said: Said): void {
    const w = { clientId: uuid(), said, at: Date.now() }
    this.world.keep.add(w)
    this.dispatch({ type: 'queued', ...w })
    this.stopTyping()
    this.start()
    void this.outbox.pump()
  }

  retry(clientId: string): void {
    this.world.keep.mark(clientId, false)
    this.dispatch({ type: 'retried', clientId })
    void this.outbox.pump()
  }

  async older(): Promise<void> {
    const first = this.state.entries[0]
    if (!this.state.more || this.state.older || !first || first.pending) return
    this.dispatch({ type: 'older' })
    try {
      const page = await this.authed((t) => this.api.messages(t, first.id))
      this.dispatch({ type: 'older', page })
    } catch {
      this.dispatch({ type: 'older', page: { messages: [], more: true, cursor: '', status: this.state.status } })
    }
  }

  // typing is called at every key press.
  typing(): void {
    clearTimeout(this.timers.typing)
    this.timers.typing = setTimeout(() => this.stopTyping(), typingEnds)
    if (Date.now() - this.typedAt < typingEvery) return
    this.typedAt = Date.now()
    this.tellTyping(true)
  }

  // watch tells whether the transcript is on screen: open, and the page visible.
  watch(on: boolean): void {
    this.watching = on
    if (on) this.dispatch({ type: 'seen' })
  }

  offline(): void {
    this.line.offline()
  }

  online(): void {
    this.line.online()
    if (this.running) void this.outbox.pump()
  }

  visibility(visible: boolean): void {
    if (visible) void this.line.visible(Date.now())
    else this.line.hidden(Date.now())
  }

  private dispatch(action: Action): void {
    if (this.stopped) return
    const was = this.state
    this.state = reduce(was, action)
    if (this.watching && action.type !== 'seen') this.state = reduce(this.state, { type: 'seen' })
    if (this.state === was) return
    this.planReceipts()
    this.changed(this.state, was, action)
  }

  private frame(f: Frame): void {
    if (f.type === 'message' && f.message.author === 'consumer' && f.message.client_id) this.world.keep.drop(f.message.client_id)
    if (f.type === 'typing' && f.on) {
      clearTimeout(this.timers.remote)
      this.timers.remote = setTimeout(() => this.dispatch({ type: 'quiet' }), remoteTypingEnds)
    }
    this.dispatch({ type: 'frame', frame: f })
    if (f.type === 'reset') void this.load().catch(() => this.line.offline())
  }

  private joined(): void {
    this.told.clear() // what was said on a lost line may not have arrived
    this.dispatch({ type: 'phase', phase: 'live' })
    this.planReceipts()
    void this.outbox.pump()
  }

  private async session(): Promise<string> {
    return this.token ?? this.exchange()
  }

  // exchange gets a session, one at a time however many ask, and one for all tabs of this site.
  private exchange(): Promise<string> {
    this.exchanging ??= this.newSession().finally(() => {
      this.exchanging = undefined
    })
    return this.exchanging
  }

  private async newSession(): Promise<string> {
    const get = async (): Promise<string> => {
      const { keep, language } = this.world
      const old = keep.session()?.token
      const s = await this.api.session(old, language).catch((e: unknown) => {
        // A token that is too old or of another server: the visitor starts anew.
        if (old && e instanceof Refused && (e.status === 400 || e.status === 401 || e.status === 403)) return this.api.session(undefined, language)
        throw e
      })
      if (this.stopped) throw new Error('stopped')
      keep.setSession(s)
      this.token = s.token
      if (this.state.visitor && this.state.visitor !== s.visitor) this.told.clear()
      this.dispatch({ type: 'session', session: s })
      return s.token
    }
    // Locks exist on secure pages only; without them two tabs opened at once may become two visitors.
    const locks = globalThis.navigator?.locks as LockManager | undefined
    return locks ? locks.request(this.world.keep.sessionKey, get) : get()
  }

  private async authed<T>(ask: (token: string) => Promise<T>): Promise<T> {
    const token = await this.session()
    try {
      return await ask(token)
    } catch (e) {
      if (!(e instanceof Refused) || e.status !== 401) throw e
      return ask(this.token !== token && this.token ? this.token : await this.exchange())
    }
  }

  private async cursor(): Promise<string> {
    if (this.state.loaded && this.state.cursor !== undefined) return this.state.cursor
    return this.load()
  }

  private async load(): Promise<string> {
    const page = await this.authed((t) => this.api.messages(t))
    for (const m of page.messages) if (m.author === 'consumer' && m.client_id) this.world.keep.drop(m.client_id)
    this.dispatch({ type: 'page', page })
    return page.cursor
  }

  private stopTyping(): void {
    clearTimeout(this.timers.typing)
    if (this.typedAt === 0) return
    this.typedAt = 0
    this.tellTyping(false)
  }

  private tellTyping(on: boolean): void {
    if (this.state.phase !== 'live' || this.line.say({ type: 'typing', on })) return
    void this.authed((t) => this.api.typing(t, on)).catch(() => undefined)
  }

  private planReceipts(): void {
    if (this.state.phase !== 'live' || this.timers.receipts) return
    if (this.untold().all === 0) return
    this.timers.receipts = setTimeout(() => {
      this.timers.receipts = undefined
      void this.tellReceipts()
    }, receiptDelay)
  }

  private untold(): { delivered: string[]; read: string[]; all: number } {
    const due = receipts(this.state)
    const read = due.read.filter((id) => this.told.get(id) !== 'read').slice(0, receiptBatch)
    const delivered = due.delivered.filter((id) => !this.told.has(id)).slice(0, receiptBatch - read.length)
    return { delivered, read, all: delivered.length + read.length }
  }

  private async tellReceipts(): Promise<void> {
    const { delivered, read, all } = this.untold()
    if (all === 0 || this.state.phase !== 'live') return
    for (const id of delivered) this.told.set(id, 'delivered')
    for (const id of read) this.told.set(id, 'read')
    if (!this.line.say({ type: 'receipt', delivered, read })) {
      try {
        await this.authed((t) => this.api.receipts(t, delivered, read))
      } catch (e) {
        if (e instanceof Refused && e.final) return
        for (const id of [...delivered, ...read]) this.told.delete(id) // the next change brings them along
        return
      }
    }
    this.planReceipts()
  }
}

// uuid is a random v4 id; crypto.randomUUID would need a secure page.
function uuid(): string {
  const b = crypto.getRandomValues(new Uint8Array(16))
  b[6] = ((b[6] ?? 0) & 0x0f) | 0x40
  b[8] = ((b[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(b, (x) => x.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
