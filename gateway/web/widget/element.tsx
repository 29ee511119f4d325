/** @jsxImportSource preact */
import { render } from 'preact'
import { accent } from './color'
import { stylesheet } from './css'
import { inertAround } from './inert'
import { hostStorage, Keep } from './keep'
import { Chat } from './net'
import { App } from './panel'
import { unread, type Action, type State } from './store'
import { language } from './strings'
import { maxText } from './wire'

// <gw-chat channel="acme.web" [page] [lang] [open] [base]>: the consumer's chat on any page.
// Events (they bubble out of the shadow tree): gw:open, gw:close, gw:message {id, author, text}, gw:unread {count}.
class GwChat extends HTMLElement {
  static readonly observedAttributes = ['channel', 'base', 'lang', 'page']

  private readonly root = this.attachShadow({ mode: 'open' })
  private readonly small = matchMedia('(max-width: 479.98px)')
  private chat: Chat | undefined
  private isOpen = false
  private draft = ''
  private drawn = false
  private release: (() => void) | undefined
  private ends: AbortController | undefined

  connectedCallback(): void {
    if (this.root.adoptedStyleSheets.length === 0) this.root.adoptedStyleSheets = [stylesheet()]
    this.ends = new AbortController()
    const { signal } = this.ends
    addEventListener('online', () => this.chat?.online(), { signal })
    addEventListener('offline', () => this.chat?.offline(), { signal })
    document.addEventListener('visibilitychange', () => this.visibility(), { signal })
    this.small.addEventListener('change', () => this.draw(), { signal })
    visualViewport?.addEventListener('resize', () => this.fit(), { signal })
    this.isOpen ||= this.hasAttribute('open')
    this.connect()
  }

  disconnectedCallback(): void {
    this.ends?.abort()
    this.release?.()
    this.release = undefined
    this.chat?.stop()
    this.chat = undefined
    render(null, this.root)
  }

  attributeChangedCallback(name: string, was: string | null, now: string | null): void {
    if (!this.chat || was === now) return
    if (name === 'page') this.draw()
    else this.connect()
  }

  open(): void {
    this.show(true)
  }

  close(): void {
    this.show(false)
  }

  // send says something for the visitor, as if they had typed it.
  send(text: string): void {
    const trimmed = text.trim().slice(0, maxText)
    if (trimmed) this.chat?.send({ text: trimmed })
  }

  private get page(): boolean {
    return this.hasAttribute('page')
  }

  private get speech(): ReturnType<typeof language> {
    const wanted = this.getAttribute('lang')
    return language(wanted === 'auto' ? navigator.languages : [wanted, document.documentElement.lang, ...navigator.languages])
  }

  private readonly connect = (): void => {
    this.chat?.stop()
    this.chat = undefined
    const channel = this.getAttribute('channel')
    if (!channel) {
      render(null, this.root)
      return
    }
    const keep = new Keep(channel, hostStorage())
    const base = (this.getAttribute('base') ?? new URL(import.meta.url).origin).replace(/\/+$/, '')
    this.chat = new Chat(
      { base, channel, language: this.speech.code, keep, fetch: (...a) => fetch(...a), socket: (url) => new WebSocket(url) },
      (state, before, action) => this.changed(state, before, action),
    )
    // A page view alone makes no visitor: nothing is fetched before the chat is opened or known from before.
    if (this.page || this.isOpen || keep.session() || keep.outbox().length > 0) this.chat.start()
    this.watch()
    this.draw()
    if (this.page && matchMedia('(hover: hover)').matches) this.focusComposer()
  }

  private show(open: boolean): void {
    if (this.page || !this.chat || open === this.isOpen) return
    this.isOpen = open
    if (open) this.chat.start()
    this.watch()
    this.draw()
    if (open) this.focusComposer()
    else this.root.querySelector<HTMLElement>('.launcher')?.focus()
    this.tell(open ? 'gw:open' : 'gw:close')
  }

  private changed(state: State, was: State, action: Action): void {
    const message = action.type === 'accepted' ? action.message : action.type === 'frame' && action.frame.type === 'message' ? action.frame.message : undefined
    if (message && !was.entries.some((e) => e.id === message.id)) {
      this.tell('gw:message', { id: message.id, author: message.author, text: message.content.text ?? message.content.picked?.label ?? '' })
    }
    const count = unread(state)
    if (count !== unread(was)) this.tell('gw:unread', { count })
    if (this.drawn) {
      this.drawn = false
      queueMicrotask(() => this.draw())
    }
  }

  private tell(name: string, detail?: object): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }))
  }

  private watch(): void {
    this.chat?.watch((this.page || this.isOpen) && document.visibilityState === 'visible')
  }

  private visibility(): void {
    this.chat?.visibility(document.visibilityState === 'visible')
    this.watch()
  }

  private focusComposer(): void {
    this.root.querySelector('textarea')?.focus()
  }

  // fit keeps the composer above a phone's keyboard, which covers the page without resizing it.
  private fit(): void {
    const height = visualViewport && visualViewport.scale === 1 ? `${visualViewport.height}px` : ''
    this.root.querySelector<HTMLElement>('.panel')?.style.setProperty('--height', height || '100dvh')
  }

  private draw(): void {
    this.drawn = true
    const { chat } = this
    if (!chat || !this.isConnected) return
    const full = this.isOpen && !this.page && this.small.matches
    if (full) this.release ??= inertAround(this)
    else {
      this.release?.()
      this.release = undefined
    }
    const style = getComputedStyle(this)
    const app = (
      <App chat={chat} state={chat.state} lang={this.speech} page={this.page} open={this.isOpen} full={full} draft={this.draft}
        scheme={style.colorScheme === 'normal' ? 'light dark' : undefined}
        accent={accent(style.getPropertyValue('--gw-accent') || chat.state.brand?.color)}
        write={(draft) => {
          this.draft = draft
          this.draw()
        }}
        show={(open) => this.show(open)}
        restart={this.connect} />
    )
    render(app, this.root)
    if (full) this.fit()
  }
}

if (!customElements.get('gw-chat')) customElements.define('gw-chat', GwChat)
