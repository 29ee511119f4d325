/** @jsxImportSource preact */
import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { Icon } from './icons'
import { Body } from './parts'
import { ended, offered, type Entry, type State } from './store'
import { fill, type Language } from './strings'
import { clock, fullDate, progress, rows, senderName, type Row } from './view'
import type { Choice } from './wire'

interface Props {
  state: State
  lang: Language
  choose: (c: Choice) => void
  retry: (clientId: string) => void
  older: () => void
}

const nearEnd = 80 // px from the end within which the view follows new messages
const nearStart = 60 // px from the start at which older messages are fetched

export function Transcript({ state, lang, choose, retry, older }: Props): JSX.Element {
  const s = lang.strings
  const box = useRef<HTMLDivElement>(null)
  const view = useRef({ follow: true, height: 0, first: '', last: '', top: 0 })
  const [behind, setBehind] = useState(false)
  const [announce, setAnnounce] = useState(false)

  const list = useMemo(() => rows(state.entries, Date.now(), lang.code), [state.entries, lang.code])
  const first = state.entries[0]?.id ?? ''
  const last = state.entries.at(-1)
  const lastKey = last?.clientId ?? last?.id ?? ''
  const choices = offered(state)
  const done = ended(state)

  // A history that appears is not news: the log speaks only once it stands.
  useEffect(() => {
    setAnnounce(state.loaded && !state.older)
  }, [state.loaded, state.older])

  useLayoutEffect(() => {
    const el = box.current
    if (!el) return
    const was = view.current
    if (was.first !== first && was.last === lastKey && was.first !== '' && !was.follow) el.scrollTop = was.top + el.scrollHeight - was.height
    else if (was.follow || (was.last !== lastKey && last?.pending)) el.scrollTop = el.scrollHeight
    else if (was.last !== lastKey) setBehind(true)
    view.current = { ...was, height: el.scrollHeight, first, last: lastKey, top: el.scrollTop }
  })

  useEffect(() => {
    const el = box.current
    if (!el) return
    // A keyboard that opens or a window that shrinks must not hide the newest message.
    const watch = new ResizeObserver(() => view.current.follow && end())
    watch.observe(el)
    return () => watch.disconnect()
  }, [])

  function end(): void {
    const el = box.current
    if (el) el.scrollTop = el.scrollHeight
  }

  function scrolled(): void {
    const el = box.current
    if (!el) return
    view.current.follow = el.scrollHeight - el.scrollTop - el.clientHeight < nearEnd
    view.current.top = el.scrollTop
    if (view.current.follow) setBehind(false)
    if (el.scrollTop < nearStart && el.scrollHeight > el.clientHeight && state.more) older()
  }

  const settle = (): void => {
    if (view.current.follow) end()
  }

  return (
    <div class="middle">
      <div class="scroll" ref={box} onScroll={scrolled} tabIndex={0} role="region" aria-label={s.log}>
        <div class="column">
          {state.more && (
            <button type="button" class="older" onClick={older} disabled={state.older}>
              {state.older ? '…' : s.older}
            </button>
          )}
          {!state.loaded && state.entries.length === 0 && state.phase !== 'refused' && <Bones />}
          {state.loaded && state.entries.length === 0 && <Welcome state={state} lang={lang} />}
          <div class="log" role="log" aria-live={announce ? 'polite' : 'off'} aria-relevant="additions" aria-label={s.log}>
            {list.map((row) => <RowView key={row.key} row={row} state={state} lang={lang} retry={retry} settle={settle} />)}
          </div>
          {choices && !done && (
            <div class="replies" role="group" aria-label={s.answers}>
              {choices.map((c) => (
                <button key={c.id} type="button" onClick={() => choose(c)}>
                  {c.label}
                </button>
              ))}
            </div>
          )}
          {state.typing && (
            <div class="dots" role="img" aria-label={fill(s.typing, senderName(state.typing.author, state.typing.name, state, lang))}>
              <i /><i /><i />
            </div>
          )}
          {done && <p class="line">{s.ended}</p>}
        </div>
      </div>
      {behind && (
        <button type="button" class="newer" onClick={end}>
          <Icon name="down" />
          {s.newer}
        </button>
      )}
    </div>
  )
}

function RowView({ row, state, lang, retry, settle }: { row: Row; state: State; lang: Language; retry: (clientId: string) => void; settle: () => void }): JSX.Element {
  if (row.kind === 'day') return <div class="day">{row.label}</div>
  if (row.kind === 'line') return <div class="line" dir="auto">{row.entry.content.text || row.entry.content.event}</div>
  const mine = row.author === 'consumer'
  const name = senderName(row.author, row.name, state, lang)
  const first = row.entries[0]
  return (
    <div class={mine ? 'group mine' : 'group'} part={mine ? 'mine' : 'theirs'}>
      {!mine && first && (
        <div class="by" aria-hidden="true">
          <b>{name}</b>
          <i><Time at={first.at} lang={lang} /></i>
        </div>
      )}
      {row.entries.map((e, i) => (
        <div key={e.clientId ?? e.id} class={messageClass(e, i === row.entries.length - 1)}>
          <Body content={e.content} before={name} s={lang.strings} loaded={settle} />
          {mine && <Progress entry={e} state={state} lang={lang} retry={retry} />}
        </div>
      ))}
    </div>
  )
}

const messageClass = (e: Entry, last: boolean): string =>
  ['msg', last && 'last', e.state === 'failed' && 'failed', (e.content.cards?.length ?? 0) > 0 && 'wide'].filter(Boolean).join(' ')

// Below the visitor's newest message stands how far it got; below others only what is not settled.
function Progress({ entry, state, lang, retry }: { entry: Entry; state: State; lang: Language; retry: (clientId: string) => void }): JSX.Element | null {
  const newest = state.entries.findLast((e) => e.author === 'consumer')
  const failed = entry.state === 'failed' || entry.state === 'unknown'
  if (!failed && entry !== newest) return null
  const { clientId } = entry
  return (
    <div class={failed ? 'state bad' : 'state'} aria-live={failed ? 'polite' : 'off'}>
      {progress(entry.state, lang.strings)}
      {!failed && !entry.pending && <> · <Time at={entry.at} lang={lang} /></>}
      {failed && entry.pending && clientId && (
        <>
          {entry.error && <> ({entry.error})</>} · <button type="button" onClick={() => retry(clientId)}>{lang.strings.retry}</button>
        </>
      )}
    </div>
  )
}

function Time({ at, lang }: { at: number; lang: Language }): JSX.Element {
  return <time dateTime={new Date(at).toISOString()} title={fullDate(at, lang.code)}>{clock(at, lang.code)}</time>
}

function Welcome({ state, lang }: { state: State; lang: Language }): JSX.Element {
  const name = state.brand?.name ?? ''
  return (
    <div class="welcome">
      <div class="face" aria-hidden="true">{initial(name)}</div>
      <p>{lang.strings.hello}</p>
      <p>{lang.strings.begin}</p>
    </div>
  )
}

function Bones(): JSX.Element {
  return (
    <div class="log" aria-hidden="true">
      <div class="bone" /><div class="bone" /><div class="bone" />
    </div>
  )
}

export const initial = (name: string): string => Array.from(name)[0]?.toUpperCase() ?? ''
