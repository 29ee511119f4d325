/** @jsxImportSource preact */
import type { JSX } from 'preact'
import type { Accent } from './color'
import { Icon } from './icons'
import type { Chat } from './net'
import { unread, type State } from './store'
import { fill, type Language } from './strings'
import { initial, Transcript } from './transcript'
import { answering } from './view'
import { composing, visible } from '../text/typing'
import { maxText } from './wire'

export interface Props {
  chat: Chat
  state: State
  lang: Language
  page: boolean
  open: boolean
  mounted: boolean // was open once; what was being written stays in the closed panel
  full: boolean // the panel covers the whole screen
  scheme: string // the host page's, as a value of color-scheme
  accent: Accent
  show: (open: boolean) => void
}

export function App(p: Props): JSX.Element {
  const vars = { '--fill': p.accent.fill, '--on': p.accent.on, colorScheme: p.scheme }
  const s = p.lang.strings
  const count = unread(p.state)
  const news = !p.open && count > 0 && fill(s.unread, count)
  if (p.page) {
    return (
      <main class="root page" style={vars} lang={p.lang.code}>
        <div class="panel"><Inside {...p} /></div>
      </main>
    )
  }
  return (
    <div class={p.open ? 'root free open' : 'root free'} style={vars} lang={p.lang.code}>
      {p.mounted && (
        <section class="panel" part="panel" hidden={!p.open} role="dialog" aria-modal={p.full ? 'true' : undefined} aria-labelledby="name"
          onKeyDown={(e) => {
            if (e.key !== 'Escape' || composing(e)) return
            e.stopPropagation()
            p.show(false)
          }}>
          <Inside {...p} />
        </section>
      )}
      <button type="button" class="launcher" part="launcher" aria-expanded={p.open} aria-describedby="news" onClick={() => p.show(!p.open)}>
        <Icon name={p.open ? 'close' : 'chat'} />
        <span class="sr">{p.open ? s.close : s.open}</span>
        {news && <span class="badge" aria-hidden="true">{count}</span>}
      </button>
      <span class="sr" role="status" id="news">{news}</span>
    </div>
  )
}

function Inside(p: Props): JSX.Element {
  const { state, chat, lang } = p
  const brand = state.brand?.name ?? ''
  const face = state.status.open && state.status.owner === 'agent' ? (state.status.agent_name ?? brand) : brand
  return (
    <>
      <header>
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
      <Notice state={state} lang={lang} saved={chat.saved()} />
      <Transcript state={state} lang={lang} choose={(choice) => chat.send({ choice })} retry={(id) => chat.retry(id)} older={() => void chat.older()} />
      <Composer {...p} />
    </>
  )
}

// The stylesheet lets a lost connection wait for two seconds: most gaps are shorter.
function Notice({ state: { phase, why, detail }, lang, saved }: { state: State; lang: Language; saved: boolean }): JSX.Element {
  return (
    <div role="status">
      {phase === 'lost' && (
        <div class={why ? 'notice' : 'notice late'} dir="auto">
          {lang.strings[why ?? (saved ? 'lost' : 'unkept')]}
          {why === 'barred' && ` ${detail}`}
        </div>
      )}
    </div>
  )
}

function Composer({ chat, lang }: Props): JSX.Element {
  const s = lang.strings
  return (
    <footer>
      <form
        onSubmit={(e) => {
          e.preventDefault()
          const field = e.currentTarget.elements[0] as HTMLTextAreaElement
          const text = field.value.trim()
          // What nobody can see is no message. What cannot be taken stays in the field.
          if (!visible(text) || chat.send({ text })) field.value = ''
        }}>
        <textarea rows={1} maxLength={maxText} placeholder={s.write} aria-label={s.write} dir="auto" enterkeyhint="send" autocomplete="off"
          onInput={() => chat.typing()}
          onKeyDown={(e) => {
            if (e.key !== 'Enter' || e.shiftKey || composing(e)) return
            e.preventDefault()
            e.currentTarget.form?.requestSubmit()
          }} />
        <button type="submit" aria-label={s.send}>
          <Icon name="send" />
        </button>
      </form>
    </footer>
  )
}
