import { advance } from '../../../text/delivery'
import type { Agent, Conversation, Detail, Event, ListPage, Message } from '../../api'
import { applyToConversation } from '../conversation'
import { belongs, type ListKey } from '../lists'
import type { ThreadPage } from '../thread'

export const me: Agent = { id: 'me', name: 'Ana', role: 'agent', presence: 'online', seen: true, skills: ['care'], load: 0, slots: 5 }

/** numbers is a source of numbers below a bound that is the same for the same seed. */
export function numbers(seed: number) {
  let a = seed
  return (below: number) => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

/** Brand plays the gateway in memory: conversations, their messages, and the log of all that happened. */
export class Brand {
  readonly conversations = new Map<string, Conversation>()
  readonly messages = new Map<string, Message[]>()
  readonly log: Event[] = []

  constructor(readonly pageSize = 4) {}

  get cursor() {
    return `e${this.log.length.toString(36)}`
  }

  open(id: string, over: Partial<Conversation> = {}) {
    const at = this.log.length + 1
    this.conversations.set(id, {
      id, state: 'open', owner: 'bot', rev: 1, channel: 'web', kind: 'webchat', consumer: { id: `p-${id}`, name: id }, preview: '', preview_author: 'consumer',
      last_at: at, created_at: at, tags: [], priority: 0, ...over,
    })
    this.messages.set(id, [])
    this.happen({ kind: 'opened', conversation: id, change: this.changeOf(id) })
  }

  say(id: string, author: Message['author'] = 'consumer', note = false) {
    const list = this.messages.get(id) ?? []
    const m: Message = { id: `${id}-${list.length + 1}`, conversation: id, seq: list.length + 1, author, note, content: { text: `${id} ${list.length + 1}` }, state: author === 'consumer' || note ? 'received' : 'queued', at: this.log.length + 1 }
    list.push(m)
    this.messages.set(id, list)
    const c = this.of(id)
    this.happen({ kind: 'message', conversation: id, message: { ...m }, rev: c.rev + 1 })
  }

  status(id: string, n: number, state: Message['state']) {
    const m = this.messages.get(id)?.[n]
    if (!m || m.author === 'consumer') return
    m.state = advance(m.state, state)
    this.happen({ kind: 'status', conversation: id, status: { message: m.id, state } })
  }

  own(id: string, owner: Conversation['owner'], agent?: string, state: Conversation['state'] = 'open') {
    const c = this.of(id)
    const change = { state, owner, rev: c.rev + 1, skill: 'care', ...(agent ? { agent, agent_name: agent } : {}), tags: c.tags }
    this.happen({ kind: state === 'closed' ? 'closed' : 'owner', conversation: id, change })
  }

  offer(id: string, agent: string, why?: Detail['why']) {
    if (this.of(id).owner === 'queue' && !this.of(id).offer) this.happen({ kind: 'offered', conversation: id, offer: { agent, agent_name: agent, expires_at: 9_999, why } })
  }

  endOffer(id: string, end: 'expired' | 'accepted' = 'expired') {
    const { offer } = this.of(id)
    if (offer) this.happen({ kind: 'offer_ended', conversation: id, offer: { agent: offer.agent.id, end } })
  }

  of(id: string): Conversation {
    const c = this.conversations.get(id)
    if (!c) throw new Error(`no conversation ${id}`)
    return c
  }

  list({ view, state }: ListKey, before = ''): ListPage {
    const all = [...this.conversations.values()].filter((c) => belongs(c, view, state, me.id)).sort((a, b) => b.last_at - a.last_at)
    const start = before ? all.findIndex((c) => c.id === before) + 1 : 0
    const conversations = all.slice(start, start + 50)
    const last = conversations.at(-1)
    return { conversations, counts: { mine: 0, queue: 0, all: 0 }, cursor: this.cursor, ...(start + 50 < all.length && last ? { next: last.id } : {}) }
  }

  detail(id: string): Detail {
    const conversation = this.of(id)
    return { conversation, consumer: { id: conversation.consumer.id, name: id, attributes: {}, identities: [], opted_out: false }, history: [], cursor: this.cursor }
  }

  thread(id: string, before?: string): ThreadPage {
    const all = this.messages.get(id) ?? []
    const end = before ? all.findIndex((m) => m.id === before) : all.length
    const start = Math.max(0, end - this.pageSize)
    return { messages: all.slice(start, end).map((m) => ({ ...m })), more: start > 0, cursor: this.cursor }
  }

  private changeOf(id: string) {
    const c = this.of(id)
    return { state: c.state, owner: c.owner, rev: c.rev, tags: c.tags }
  }

  private happen(ev: Pick<Event, 'kind'> & Partial<Event>) {
    const full: Event = { at: this.log.length + 1, actor: 'system', ...ev, cursor: `e${(this.log.length + 1).toString(36)}` }
    this.log.push(full)
    const id = full.conversation
    const c = id === undefined ? undefined : this.conversations.get(id)
    if (c && id !== undefined) this.conversations.set(id, applyToConversation(c, full))
  }
}
