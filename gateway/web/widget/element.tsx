/** @jsxImportSource preact */
import { render } from 'preact'
import { accent } from './color'
import { stylesheet } from './css'
import { inertAround } from './inert'
import { hostStore, Keep } from './keep'
import { openChat, type Chat } from './net'
import { App } from './panel'
import { unread, type Action, type State } from './store'
import { language } from './strings'
import { maxText } from './wire'

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
    this.#small.addEventListener('change', () => this.#draw(), { signal })
    this.#isOpen ||= this.hasAttribute('open')
    this.#connect()
  }

  disconnectedCallback(): void {
    this.#ends?.abort()
    this.#release?.()
    this.#release = undefined
    this.#chat?.stop()
    this.#chat = undefined
    render(null, this.#root)
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

  // send says something for the visitor, as if they had typed it.
  send(text: string): void {
    const trimmed = text.trim().slice(0, maxText)
    if (trimmed) this.#chat?.send({ text: trimmed })
  }

  get #page(): boolean {
    return this.hasAttribute('page')
  }

  get #speech(): ReturnType<typeof language> {
    const wanted = this.getAttribute('lang')
    return language(wanted === 'auto' ? navigator.languages : [wanted, document.documentElement.lang, ...navigator.languages])
  }

  #connect(): void {
    this.#chat?.stop()
    this.#chat = undefined
    const channel = this.getAttribute('channel')
    if (!channel) {
      render(null, this.#root)
      return
    }
    const keep = new Keep(channel, hostStore())
    const base = (this.getAttribute('base') ?? new URL(import.meta.url).origin).replace(/\/+$/, '')
    this.#chat = openChat(
      { base, channel, wishes: { language: this.#speech.code, draft: this.getAttribute('draft') }, keep, fetch: (...a) => fetch(...a), socket: (url) => new WebSocket(url) },
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
    const message = action.type === 'accepted' ? action.message : action.type === 'frame' && action.frame.type === 'message' ? action.frame.message : undefined
    if (message && !was.entries.some((e) => e.id === message.id)) this.#tell('gw:message', message)
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
        scheme={style.colorScheme === 'normal' ? 'light dark' : undefined}
        accent={accent(style.getPropertyValue('--gw-accent') || chat.state.brand?.color)}
        show={(open) => this.#show(open)} />
    )
    render(app, this.#root)
  }
}

if (!customElements.get('gw-chat')) customElements.define('gw-chat', GwChat)
