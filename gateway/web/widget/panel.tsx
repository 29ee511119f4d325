/** @jsxImportSource preact */
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Accent } from './color'
import { Icon } from './icons'
import type { Chat } from './net'
import { unread, type State } from './store'
import { fill, type Language } from './strings'
import { initial, Transcript } from './transcript'
import { answering } from './view'
import { maxText } from './wire'

export interface Props {
  chat: Chat
  state: State
  lang: Language
  page: boolean
  open: boolean
  full: boolean // the panel covers the whole screen
  scheme: string | undefined // set when the host page has no colour scheme of its own
  accent: Accent
  draft: string
  write: (draft: string) => void
  show: (open: boolean) => void
  restart: () => void
}

const barAfter = 2000 // ms without a connection before the bar tells

export function App(p: Props): JSX.Element {
  const vars = { '--fill': p.accent.fill, '--on': p.accent.on, '--ink-light': p.accent.inkLight, '--ink-dark': p.accent.inkDark, colorScheme: p.scheme ?? 'inherit' }
  const s = p.lang.strings
  const count = unread(p.state)
  if (p.page) {
    return (
      <main class="root page" style={vars} lang={p.lang.code}>
        <div class="panel"><Inside {...p} /></div>
      </main>
    )
  }
  return (
    <div class="root free" style={vars} lang={p.lang.code}>
      {p.open && (
        <section class="panel" part="panel" id="panel" role="dialog" aria-modal={p.full ? 'true' : undefined} aria-labelledby="name"
          onKeyDown={(e) => {
            if (e.key !== 'Escape' || e.isComposing) return
            e.stopPropagation()
            p.show(false)
          }}>
          <Inside {...p} />
        </section>
      )}
      <button type="button" class="launcher" part="launcher" aria-expanded={p.open} aria-haspopup="dialog" aria-controls={p.open ? 'panel' : undefined} onClick={() => p.show(!p.open)}>
        <Icon name={p.open ? 'down' : 'chat'} />
        <span class="sr">{p.open ? s.close : s.open}</span>
        {!p.open && count > 0 && <span class="badge"><span class="sr">, {fill(s.unread, count)}</span><span aria-hidden="true">{count > 99 ? '99+' : count}</span></span>}
      </button>
      <span class="sr" role="status">{!p.open && count > 0 ? fill(s.unread, count) : ''}</span>
    </div>
  )
}

function Inside(p: Props): JSX.Element {
  const { state, chat, lang } = p
  const brand = state.brand?.name ?? ''
  const face = state.status.open && state.status.owner === 'agent' ? (state.status.agent_name ?? brand) : brand
  return (
    <>
      <header part="header">
        <div class="bar">
          <div class="face" aria-hidden="true">{initial(face)}</div>
          <div class="who">
            <h1 id="name">{brand || lang.strings.log}</h1>
            <p role="status">{answering(state, lang.strings)}</p>
          </div>
          {!p.page && (
            <button type="button" aria-label={lang.strings.close} onClick={() => p.show(false)}>
              <Icon name="close" />
            </button>
          )}
        </div>
      </header>
      <Notice state={state} lang={lang} restart={p.restart} />
      <Transcript state={state} lang={lang} choose={(choice) => chat.send({ choice })} retry={(id) => chat.retry(id)} older={() => void chat.older()} />
      <Composer {...p} />
    </>
  )
}

function Notice({ state, lang, restart }: { state: State; lang: Language; restart: () => void }): JSX.Element {
  const [late, setLate] = useState(false)
  const lost = state.phase === 'lost'
  useEffect(() => {
    if (!lost) return
    const timer = setTimeout(() => setLate(true), barAfter)
    return () => {
      clearTimeout(timer)
      setLate(false)
    }
  }, [lost])
  return (
    <div role="status">
      {lost && late && <div class="notice">{lang.strings.lost}</div>}
      {state.phase === 'refused' && (
        <div class="notice">
          {lang.strings.refused} <button type="button" onClick={restart}>{lang.strings.retry}</button>
        </div>
      )}
    </div>
  )
}

function Composer({ chat, lang, draft, write }: Props): JSX.Element {
  const s = lang.strings
  const text = draft.trim()
  const send = (): void => {
    if (!text) return
    write('')
    chat.send({ text })
  }
  return (
    <footer>
      <form
        onSubmit={(e) => {
          e.preventDefault()
          send()
        }}>
        <textarea rows={1} value={draft} maxLength={maxText} placeholder={s.write} aria-label={s.write} dir="auto" enterkeyhint="send" autocomplete="off"
          onInput={(e) => {
            write(e.currentTarget.value)
            if (e.currentTarget.value.trim()) chat.typing()
          }}
          onKeyDown={(e) => {
            if (e.key !== 'Enter' || e.shiftKey || e.isComposing) return
            e.preventDefault()
            send()
          }} />
        <button type="submit" aria-label={s.send} aria-disabled={!text}>
          <Icon name="send" />
        </button>
      </form>
    </footer>
  )
}
