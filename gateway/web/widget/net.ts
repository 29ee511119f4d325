import { caller, Refused } from './api'
import { uuid, type Keep, type Stored } from './keep'
import { line as joinLine } from './line'
import { outbox as openOutbox } from './outbox'
import { initial, receipts, reduce, type Action, type State, type Why } from './store'
import type { Frame, Message, Page, Said, Session } from './wire'

// Chat is the shell around the store: it owns the session, the line, the outbox and the receipts of one channel.

export interface World {
  base: string // the gateway's origin
  channel: string
  wishes: { language: string; draft?: string | null } // draft is the token of a draft link
  fetch: typeof fetch
  socket: (url: string) => WebSocket
  keep: Keep
  alone?: <T>(act: () => Promise<T>) => Promise<T> // one tab at a time
  agree: (own: string) => Promise<string> // what the first of the tabs that start at once has chosen
}

const typingEvery = 3000 // ms between two typing notices while keys are pressed
const typingEnds = 5000 // ms after the last key
const remoteTypingEnds = 10_000 // ms, should its end get lost
const receiptDelay = 150 // ms, to send receipts in batches
const receiptBatch = 50

export type Chat = ReturnType<typeof openChat>

export function openChat(world: World, changed: (state: State, was: State, action: Action) => void) {
  let state: State = initial
  let exchanging: Promise<string> | undefined
  let token: string | undefined
  let watching = false
  let running = false
  let stopped = false
  let blocked = false
  let typedAt = 0
  const told = new Map<string, string>()
  const timers: Partial<Record<'receipts' | 'typing' | 'remote', ReturnType<typeof setTimeout>>> = {}

  const root = `${world.base}/chat/${encodeURIComponent(world.channel)}`
  const call = caller(root, world.fetch)
  const line = joinLine({
    token: () => session(),
    renew: async () => void (await exchange()),
    cursor: () => cursor(),
    poll: (after, wait, signal) => ask(`/events?after=${encodeURIComponent(after)}&wait=${wait}`, undefined, signal),
    socket: () => world.socket(`${root.replace(/^http/, 'ws')}/live`),
    frame: (f) => frame(f),
    joined: () => joined(),
    lost,
  })
  const outbox = openOutbox(world.keep, {
    post: async (w) => (await ask<{ message: Message }>('/messages', { client_id: w.clientId, ...w.said })).message,
    accepted: (message) => dispatch({ type: 'accepted', message }),
    refused: (clientId, error) => dispatch({ type: 'refused', clientId, error }),
  })

  function start(): void {
    if (running) return
    running = true
    const kept = world.keep.session()
    if (kept) dispatch({ type: 'session', session: kept })
    dispatch({ type: 'phase', phase: 'connecting' })
    for (const w of world.keep.outbox()) dispatch({ type: 'queued', ...w })
    void line.run()
    void outbox.pump()
  }

  function stop(): void {
    stopped = true
    line.stop()
    outbox.stop()
    for (const t of Object.values(timers)) clearTimeout(t)
  }

  // send says no when too much waits to be sent already.
  function send(said: Said): boolean {
    const w = { clientId: uuid(), said, at: Date.now() }
    if (!world.keep.add(w)) return false
    dispatch({ type: 'queued', ...w })
    stopTyping()
    start()
    void outbox.pump()
    return true
  }

  function retry(clientId: string): void {
    world.keep.mark(clientId, false)
    dispatch({ type: 'retried', clientId })
    void outbox.pump()
  }

  async function older(): Promise<void> {
    const first = state.entries[0]
    if (!state.more || state.older || !first || first.pending) return
    dispatch({ type: 'older' })
    const page = await ask<Page>(`/messages?limit=30&before=${encodeURIComponent(first.id)}`).catch(() => ({ messages: [], more: true, cursor: '', status: state.status }))
    dispatch({ type: 'older', page })
  }

  // typing is called at every key press.
  function typing(): void {
    clearTimeout(timers.typing)
    timers.typing = setTimeout(() => stopTyping(), typingEnds)
    if (Date.now() - typedAt < typingEvery) return
    typedAt = Date.now()
    tellTyping(true)
  }

  // watch tells whether the transcript is on screen: open, and the page visible.
  function watch(on: boolean): void {
    watching = on
    if (on) dispatch({ type: 'seen' })
  }

  function online(): void {
    line.online()
    if (running) void outbox.pump()
  }

  function dispatch(action: Action): void {
    if (stopped) return
    const was = state
    state = reduce(was, action)
    if (watching && action.type !== 'seen') state = reduce(state, { type: 'seen' })
    if (state === was) return
    planReceipts()
    changed(state, was, action)
  }

  function frame(f: Frame): void {
    if (f.type === 'message' && f.message.author === 'consumer' && f.message.client_id) world.keep.drop(f.message.client_id)
    if (f.type === 'typing' && f.on) {
      clearTimeout(timers.remote)
      timers.remote = setTimeout(() => dispatch({ type: 'quiet' }), remoteTypingEnds)
    }
    dispatch({ type: 'frame', frame: f })
    if (f.type === 'reset') void load().catch(() => line.offline())
  }

  function lost(e: unknown): void {
    const status = e instanceof Refused ? e.status : 0
    const why: Why | undefined = status === 404 ? 'gone' : status === 403 ? 'barred' : blocked && !status ? 'blocked' : undefined
    dispatch({ type: 'phase', phase: 'lost', why, detail: why && (e as Error).message })
  }

  // block tells that the page's policy has refused a request.
  function block(): void {
    blocked = true
    if (state.phase === 'lost') lost(new Error())
  }

  function joined(): void {
    blocked = false
    told.clear() // what was said on a lost line may not have arrived
    dispatch({ type: 'phase', phase: 'live' })
    planReceipts()
    void outbox.pump()
  }

  async function session(): Promise<string> {
    return token ?? exchange()
  }

  // exchange gets a session, one at a time however many ask.
  function exchange(): Promise<string> {
    return (exchanging ??= newSession().finally(() => void (exchanging = undefined)))
  }

  // newSession makes one visitor of all tabs that start at once.
  async function newSession(): Promise<string> {
    const { keep, wishes, alone = (act) => act() } = world
    const before = keep.session()?.token
    // What another tab has got meanwhile, if it was quicker.
    const theirs = (): Stored | undefined => {
      const now = keep.session()
      return now && now.token !== before && !wishes.draft ? now : undefined
    }
    const s = await alone(async () => {
      let start: string | undefined
      const quick = theirs() ?? ((start = await keep.start(world.agree)), theirs())
      if (quick) return quick
      const s = await call<Session>('/session', undefined, { token: before, start, ...wishes }).catch((e: unknown) => {
        // A token that is too old or of another server: the visitor starts anew.
        if (before && e instanceof Refused && e.status < 403) return call<Session>('/session', undefined, { start, ...wishes })
        throw e
      })
      const late = theirs()
      if (late) return late
      if (!stopped) keep.setSession(s)
      return s
    })
    token = s.token
    dispatch({ type: 'session', session: s })
    return s.token
  }

  async function ask<T>(path: string, body?: object, signal?: AbortSignal): Promise<T> {
    const used = await session()
    try {
      return await call(path, used, body, signal)
    } catch (e) {
      if (!(e instanceof Refused) || e.status !== 401) throw e
      return call(path, token === used ? await exchange() : token, body, signal)
    }
  }

  async function cursor(): Promise<string> {
    if (state.loaded && state.cursor !== undefined) return state.cursor
    return load()
  }

  async function load(): Promise<string> {
    const page = await ask<Page>('/messages?limit=30')
    for (const m of page.messages) if (m.author === 'consumer' && m.client_id) world.keep.drop(m.client_id)
    dispatch({ type: 'page', page })
    return page.cursor
  }

  function stopTyping(): void {
    clearTimeout(timers.typing)
    if (typedAt === 0) return
    typedAt = 0
    tellTyping(false)
  }

  function tellTyping(on: boolean): void {
    if (state.phase !== 'live' || line.say({ type: 'typing', on })) return
    void ask('/typing', { on }).catch(() => undefined)
  }

  function planReceipts(): void {
    if (state.phase !== 'live' || timers.receipts) return
    if (untold().all === 0) return
    timers.receipts = setTimeout(() => {
      timers.receipts = undefined
      void tellReceipts()
    }, receiptDelay)
  }

  function untold(): { delivered: string[]; read: string[]; all: number } {
    const due = receipts(state)
    const read = due.read.filter((id) => told.get(id) !== 'read').slice(0, receiptBatch)
    const delivered = due.delivered.filter((id) => !told.has(id)).slice(0, receiptBatch - read.length)
    return { delivered, read, all: delivered.length + read.length }
  }

  async function tellReceipts(): Promise<void> {
    const { delivered, read, all } = untold()
    if (all === 0 || state.phase !== 'live') return
    for (const id of delivered) told.set(id, 'delivered')
    for (const id of read) told.set(id, 'read')
    if (!line.say({ type: 'receipt', delivered, read })) {
      try {
        await ask('/receipts', { delivered, read })
      } catch (e) {
        if (e instanceof Refused && e.final) return
        for (const id of [...delivered, ...read]) told.delete(id) // the next change brings them along
        return
      }
    }
    planReceipts()
  }

  return {
    get state() {
      return state
    },
    saved: () => world.keep.saved(),
    offline: () => line.offline(),
    visibility: (visible: boolean) => line[visible ? 'visible' : 'hidden'](Date.now()),
    start, stop, block, send, retry, older, typing, watch, online,
  }
}
