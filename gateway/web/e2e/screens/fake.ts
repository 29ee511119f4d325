import type { Page, Route, WebSocketRoute } from '@playwright/test'
import type { Agent, Conversation, Event, Message, Mood, Notice } from '../../src/api'
import { Lessons } from './lessons'
import * as people from './people'

type Answer = { status?: number; body?: unknown; wait?: boolean; after?: number; offline?: boolean }

/** dated answers as the gateway does, which tells its time with everything. */
const dated = (route: Route) => ({
  request: () => route.request(),
  abort: (code?: string) => route.abort(code),
  fulfill: (a: Parameters<Route['fulfill']>[0]) => route.fulfill({ ...a, headers: { date: new Date().toUTCString(), ...a?.headers } }),
}) as Route

/** Fake plays the gateway's API for one page: a small brand in memory, its event log, and the live connection. */
/** kinds are what the session tells of channels; any drawing does for an icon. */
const kinds = [
  { kind: 'twilio', label: 'SMS', icon: 'M4 12h16M12 4v16', served: false },
  { kind: 'webchat', label: 'Web chat', icon: 'M4 4h16v12h-16z', served: true },
]

export class Fake {
  signedIn = true
  welcome: unknown = { brand: 'Acme Bikes', chat_url: '/chat/web', docs: '/docs/' }
  me = structuredClone(people.ana)
  conversations = structuredClone(people.conversations)
  lessons = new Lessons()
  notices: Notice[] = []
  messages = new Map<string, Message[]>()
  /** What to answer instead, by `METHOD /path`; `wait` leaves it unanswered. */
  instead = new Map<string, Answer>()
  asked: { method: string; path: string; body: Record<string, unknown> }[] = []
  typed: unknown[] = []
  /** Who signs in next, when it is somebody else. */
  next?: Agent
  private socket?: WebSocketRoute
  private n = 100

  constructor() {
    const offer = this.find('c-offer').offer
    if (offer) offer.expires_at = Date.now() + 42_000
  }

  static async start(page: Page): Promise<Fake> {
    const fake = new Fake()
    await page.route('**/welcome.json', (r) => (fake.welcome ? r.fulfill({ json: fake.welcome }) : r.fulfill({ status: 404, body: '' })))
    await page.route('**/api/v1/**', (r) => fake.answer(dated(r)))
    await page.routeWebSocket('**/api/v1/live', (ws) => fake.connect(ws))
    return fake
  }

  get cursor() {
    return `e${this.n.toString(36)}`
  }

  /** happen puts an event in the log and tells the page. */
  happen(ev: Omit<Event, 'cursor' | 'at' | 'actor'> & Partial<Event>): Event {
    this.n++
    const full: Event = { at: Date.now(), actor: 'system', ...ev, cursor: this.cursor }
    this.socket?.send(JSON.stringify(full))
    return full
  }

  /** say adds a message to a conversation as the engine would. */
  say(id: string, over: Partial<Message>, mood?: Mood): Event {
    const c = this.find(id)
    const list = this.thread(c)
    const at = Date.now()
    const message: Message = { id: `${id}-x${++this.n}`, conversation: id, seq: list.length + 1, author: 'consumer', note: false, content: {}, state: 'received', at, ...over }
    list.push(message)
    if (!message.note) {
      Object.assign(c, { last_at: at, preview: message.content.text ?? '', preview_author: message.author })
      if (message.author === 'consumer') c.waiting_since ??= at
      else delete c.waiting_since
    }
    if (mood) c.mood = mood
    return this.happen({ kind: 'message', conversation: id, message, ...(mood ? { mood } : {}) })
  }

  /** give passes a conversation to somebody, as a take-over does. */
  give(id: string, agent: { id: string; name: string } | undefined): Event {
    const c = this.find(id)
    Object.assign(c, { owner: agent ? 'agent' : 'queue', agent, rev: c.rev + 1 })
    return this.happen({ kind: 'owner', conversation: id, change: { state: c.state, owner: c.owner, rev: c.rev, ...(agent ? { agent: agent.id, agent_name: agent.name } : {}) } })
  }

  /** lose takes a conversation away from me, as a supervisor's take-over does. */
  lose(id: string, by: string): Event {
    const c = this.find(id)
    c.rev++
    Object.assign(c, { agent: { id: 'u-marek', name: by }, agent_there: true })
    const notice: Notice = { n: Date.now(), agent: this.me.id, kind: 'taken', conversation: id, consumer: c.consumer.name, by, to: by, at: Date.now() }
    this.notices.push(notice)
    this.happen({ kind: 'notice', conversation: id, notice })
    return this.happen({ kind: 'owner', conversation: id, change: { state: c.state, owner: c.owner, agent: 'u-marek', agent_name: by, rev: c.rev, from: this.me.id, from_name: this.me.name } })
  }

  typing(conversation: string, name: string) {
    this.socket?.send(JSON.stringify({ type: 'typing', conversation, author: 'consumer', name, on: true }))
  }

  /** cut ends the live connection as a lost network would. */
  async cut() {
    await this.socket?.close({ code: 1011 })
    this.socket = undefined
  }

  find(id: string): Conversation {
    const c = this.conversations.find((o) => o.id === id)
    if (!c) throw new Error(`no conversation ${id}`)
    return c
  }

  private connect(ws: WebSocketRoute) {
    if (this.instead.has('GET /live')) return void ws.close({ code: 1011 })
    this.socket = ws
    ws.onMessage((text) => {
      const frame = JSON.parse(String(text)) as { type: string }
      if (frame.type === 'hello') ws.send(JSON.stringify({ type: 'live', cursor: this.cursor, build: 'b1' }))
      else this.typed.push(frame)
    })
  }

  private thread(c: Conversation): Message[] {
    let list = this.messages.get(c.id)
    if (!list) this.messages.set(c.id, (list = structuredClone(people.threadOf(c))))
    return list
  }

  private async answer(route: Route) {
    const request = route.request()
    const url = new URL(request.url())
    const path = url.pathname.replace('/api/v1', '')
    const method = request.method()
    const body = (request.postDataJSON() ?? {}) as Record<string, unknown>
    this.asked.push({ method, path, body })
    const instead = this.instead.get(`${method} ${path}`)
    if (instead?.wait) return
    if (instead?.offline) return route.abort('connectionrefused')
    if (instead?.after) return this.late(route, instead.after, method, path, url, body)
    if (instead) return route.fulfill({ status: instead.status ?? 200, json: instead.body })
    return this.serve(route, method, path, url, body)
  }

  /** late reads what it will answer now, and answers later. */
  private async late(route: Route, ms: number, method: string, path: string, url: URL, body: Record<string, unknown>) {
    let answer: Parameters<Route['fulfill']>[0]
    const held = { ...route, fulfill: (a: Parameters<Route['fulfill']>[0]) => {
      answer = structuredClone(a)
      return Promise.resolve()
    } } as Route
    await this.serve(held, method, path, url, body)
    await new Promise((f) => setTimeout(f, ms))
    await route.fulfill(answer).catch(() => undefined) // the page may be gone
  }

  private async serve(route: Route, method: string, path: string, url: URL, body: Record<string, unknown>) {
    if (!this.signedIn && path !== '/session') return this.fail(route, 401, 'unauthenticated', 'Sign in first.')
    const [, kind, id, verb] = path.split('/')
    if (kind === 'session') return this.session(route, method, body)
    if (kind === 'presence') {
      this.me.presence = body['presence'] as typeof this.me.presence
      return route.fulfill({ json: this.who() })
    }
    if (kind === 'notices') {
      if (method === 'GET') return route.fulfill({ json: { notices: this.notices } })
      this.notices = this.notices.filter((n) => !(body['n'] as number[]).includes(n.n))
      return route.fulfill({ status: 204 })
    }
    if (kind === 'agents') return route.fulfill({ json: { agents: people.agents } })
    if (kind === 'skills') return route.fulfill({ json: { skills: people.skills } })
    if (kind === 'events') return route.fulfill({ json: { events: [], cursor: this.cursor } })
    if (kind === 'intents' || kind === 'faq' || kind === 'utterances') return this.lessons.answer(route, kind, id, url.searchParams, body)
    if (kind !== 'conversations') return this.fail(route, 404, 'not_found', 'There is no such thing.')
    if (!id) return route.fulfill({ json: this.list(url.searchParams) })
    const c = this.conversations.find((o) => o.id === id)
    if (!c) return this.fail(route, 404, 'not_found', 'There is no such conversation.')
    if (method === 'GET') return route.fulfill({ json: verb ? { messages: this.thread(c), more: false, cursor: this.cursor } : people.detailOf(c, this.cursor) })
    const [, , , , message, said] = path.split('/')
    if (said) return this.lessons.ofMessage(route, this.thread(c).find((m) => m.id === message), said, body, this.me.id)
    return this.command(route, c, verb ?? '', body)
  }

  private session(route: Route, method: string, body: Record<string, unknown>) {
    if (method === 'DELETE') {
      this.signedIn = false
      return route.fulfill({ status: 204 })
    }
    if (method === 'POST') {
      this.signedIn = body['password'] === 'right'
      if (this.signedIn && this.next) this.me = this.next
    }
    return this.signedIn ? route.fulfill({ json: this.who() }) : this.fail(route, 401, 'unauthenticated', 'Sign in first.')
  }

  private who() {
    return { user: this.me, brand: { id: 'acme', name: 'Acme Bikes' }, build: 'b1', transfer_wait: 300, kinds }
  }

  private fail(route: Route, status: number, code: string, message: string, events?: Event[]) {
    return route.fulfill({ status, json: { code, message, request_id: 'r-4711', ...(events ? { events } : {}) } })
  }

  private list(q: URLSearchParams) {
    const open = this.conversations.filter((c) => c.state === 'open')
    const views: Record<string, Conversation[]> = {
      mine: open.filter((c) => c.agent?.id === this.me.id),
      queue: open.filter((c) => c.owner === 'queue'),
      all: this.conversations.filter((c) => !q.get('state') || c.state === q.get('state')),
    }
    const search = q.get('search')?.toLowerCase() ?? ''
    const found = (views[q.get('view') ?? 'mine'] ?? []).filter((c) => `${c.consumer.name} ${c.preview}`.toLowerCase().includes(search))
    const counts = { mine: views['mine']?.length ?? 0, queue: views['queue']?.length ?? 0, all: open.length }
    return { conversations: [...found].sort((a, b) => b.last_at - a.last_at), counts, cursor: this.cursor }
  }

  private command(route: Route, c: Conversation, verb: string, body: Record<string, unknown>) {
    const own = { author: 'agent' as const, author_id: this.me.id, author_name: this.me.name, client_id: body['client_id'] as string, content: { text: body['text'] as string } }
    if (verb === 'messages' || verb === 'notes') {
      const ev = this.say(c.id, { ...own, note: verb === 'notes', state: verb === 'notes' ? 'received' : 'queued' })
      return route.fulfill({ status: 201, json: ev.message })
    }
    if (verb === 'read') return route.fulfill({ status: 204 })
    c.rev++
    delete c.offer
    delete c.queued_at
    const mine = { owner: 'agent' as const, agent: { id: this.me.id, name: this.me.name } }
    if (verb === 'accept' || verb === 'take') Object.assign(c, mine)
    else if (verb === 'close') Object.assign(c, { state: 'closed', owner: 'none', agent: undefined, outcome: body['outcome'] })
    else if (verb === 'return') Object.assign(c, { owner: 'bot', agent: undefined })
    else Object.assign(c, { owner: 'queue', agent: undefined, queued_at: Date.now() })
    const kind = verb === 'close' ? 'closed' : 'owner'
    this.happen({ kind, conversation: c.id, change: { state: c.state, owner: c.owner, agent: c.agent?.id, agent_name: c.agent?.name, rev: c.rev } })
    return route.fulfill({ json: c })
  }
}
