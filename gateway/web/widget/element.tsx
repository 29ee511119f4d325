/** @jsxImportSource preact */
import { render } from 'preact'
import { accent } from './color'
import { stylesheet } from './css'
import { inertAround } from './inert'
import { agreed, hostStores, Keep } from './keep'
import { openChat, type Chat, type World } from './net'
import { App } from './panel'
import { scheme } from './scheme'
import { unread, type Action, type State } from './store'
import { visible } from '../text/typing'
import { language } from './strings'
import type { Message } from './wire'

const lockWait = 5000 // ms

// arrived lists what an action brought that the page has not been told of. Of the history that is only the visitor's own
// message that was under way while it loaded.
function arrived(action: Action, was: State): Message[] {
  const fresh = (m: Message): boolean => !was.entries.some((e) => e.id === m.id)
  switch (action.type) {
    case 'accepted':
      return [action.message].filter(fresh)
    case 'frame':
      return action.frame.type === 'message' ? [action.frame.message].filter(fresh) : []
    case 'page':
      return action.page.messages.filter((m) => fresh(m) && was.entries.some((e) => e.pending && e.clientId === m.client_id))
    default:
      return []
  }
}

// <gw-chat channel="acme.web" [page] [lang] [open] [base] [draft]>: the consumer's chat on any page. draft is the token
// of a link to a version that is not active; who tries one is another visitor than they are else.
// Events (they bubble out of the shadow tree): gw:open, gw:close, gw:message (a Message), gw:unread {count}.
class GwChat extends HTMLElement {
  static readonly observedAttributes = ['channel', 'base', 'lang']

  readonly #root = this.attachShadow({ mode: 'open' })
  readonly #small = matchMedia('(max-width: 479.98px)')
  #chat: Chat | undefined
  #isOpen = false
  #mounted = false
  #drawn = false
  #release: (() => void) | undefined
  #ends: AbortController | undefined

  connectedCallback(): void {
    this.#root.adoptedStyleSheets = [stylesheet()]
    this.#ends = new AbortController()
    const { signal } = this.#ends
    addEventListener('online', () => this.#chat?.online(), { signal })
    addEventListener('offline', () => this.#chat?.offline(), { signal })
    document.addEventListener('visibilitychange', () => this.#visibility(), { signal })
    // A request that the page's policy refuses looks like a network that is down, but for this.
    document.addEventListener('securitypolicyviolation', (e) => e.disposition === 'enforce' && e.blockedURI.startsWith(`${this.#base}/`) && this.#chat?.block(), { signal })
    const draw = (): void => this.#draw()
    this.#small.addEventListener('change', draw, { signal })
    // The page may turn dark, or change its language, at any time.
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw, { signal })
    const pages = [document.documentElement, document.body]
    document.addEventListener('transitionend', (e) => pages.includes(e.target as HTMLElement) && draw(), { signal })
    const marks = new MutationObserver(draw)
    for (const page of pages) marks.observe(page, { attributes: true })
    signal.addEventListener('abort', () => marks.disconnect())
    this.#isOpen ||= this.hasAttribute('open')
    this.#connect()
  }

  disconnectedCallback(): void {
    this.#ends?.abort()
    this.#release?.()
    this.#release = undefined
    this.#chat?.stop()
    this.#chat = undefined
    // What is drawn stays, with what was being written, for a page that puts the element elsewhere.
  }

  attributeChangedCallback(_name: string, was: string | null, now: string | null): void {
    if (this.#chat && was !== now) this.#connect()
  }

  open(): void {
    this.#show(true)
  }

  close(): void {
    this.#show(false)
  }

  // send says something for the visitor, as if they had typed it; false when there is nothing to see in it, or too much waits already.
  send(text: string): boolean {
    const trimmed = text.trim()
    return visible(trimmed) && !!this.#chat?.send({ text: trimmed })
  }

  get #page(): boolean {
    return this.hasAttribute('page')
  }

  get #speech(): ReturnType<typeof language> {
    const wanted = this.getAttribute('lang')
    const own = navigator.languages
    return language(wanted === 'auto' ? own : [wanted, document.documentElement.lang, ...own], own)
  }

  get #base(): string {
    return (this.getAttribute('base') ?? new URL(import.meta.url).origin).replace(/\/+$/, '')
  }

  #connect(): void {
    this.#chat?.stop()
    this.#chat = undefined
    const channel = this.getAttribute('channel')
    if (!channel) {
      render(null, this.#root)
      return
    }
    const keep = new Keep(channel, hostStores())
    this.#chat = openChat(
      { base: this.#base, channel, wishes: { language: this.#speech.code, draft: this.getAttribute('draft') }, keep, alone: alone(keep.name), agree: (own) => agreed(keep.name, own), fetch: (...a) => fetch(...a), socket: (url) => new WebSocket(url) },
      (state, before, action) => this.#changed(state, before, action),
    )
    // A page view alone makes no visitor: nothing is fetched before the chat is opened or known from before.
    if (this.#page || this.#isOpen || keep.session() || keep.outbox().length > 0) this.#chat.start()
    this.#watch()
    this.#draw()
    if (this.#page && matchMedia('(hover: hover)').matches) this.#focusComposer()
  }

  #show(open: boolean): void {
    if (this.#page || !this.#chat || open === this.#isOpen) return
    this.#isOpen = open
    if (open) this.#chat.start()
    this.#watch()
    this.#draw()
    if (open) this.#focusComposer()
    else this.#root.querySelector<HTMLElement>('.launcher')?.focus()
    this.#tell(open ? 'gw:open' : 'gw:close')
  }

  #changed(state: State, was: State, action: Action): void {
    for (const message of arrived(action, was)) this.#tell('gw:message', message)
    // eslint-disable-next-line no-console -- for who put the element on the page
    if (state.why && state.why !== was.why) console.error(`gw-chat: ${state.detail || `the page's Content-Security-Policy must allow connect-src ${this.#base}`}`)
    const count = unread(state)
    if (count !== unread(was)) this.#tell('gw:unread', { count })
    if (this.#drawn) {
      this.#drawn = false
      queueMicrotask(() => this.#draw())
    }
  }

  #tell(name: string, detail?: object): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }))
  }

  #watch(): void {
    this.#chat?.watch((this.#page || this.#isOpen) && document.visibilityState === 'visible')
  }

  #visibility(): void {
    this.#chat?.visibility(document.visibilityState === 'visible')
    this.#watch()
  }

  #focusComposer(): void {
    this.#root.querySelector('textarea')?.focus()
  }

  #draw(): void {
    this.#drawn = true
    const chat = this.#chat
    if (!chat || !this.isConnected) return
    const full = this.#isOpen && !this.#page && this.#small.matches
    if (full) this.#release ??= inertAround(this)
    else {
      this.#release?.()
      this.#release = undefined
    }
    const style = getComputedStyle(this)
    const app = (
      <App chat={chat} state={chat.state} lang={this.#speech} page={this.#page} open={this.#isOpen} mounted={(this.#mounted ||= this.#isOpen)} full={full}
        scheme={scheme(this)}
        accent={accent(style.getPropertyValue('--gw-accent') || chat.state.brand?.color)}
        show={(open) => this.#show(open)} />
    )
    render(app, this.#root)
  }
}

// alone lets one tab of the browser act at a time. A page that may not lock, or a tab that hangs, must not keep this one from chatting.
function alone(name: string): World['alone'] {
  return navigator.locks && (async (act) => {
    let began: ReturnType<typeof act> | undefined
    await navigator.locks.request(name, { signal: AbortSignal.timeout(lockWait) }, () => (began = act())).catch(() => undefined)
    return began ?? act()
  })
}

if (!customElements.get('gw-chat')) customElements.define('gw-chat', GwChat)
