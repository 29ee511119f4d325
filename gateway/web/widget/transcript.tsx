/** @jsxImportSource preact */
import { Component, createRef, type JSX } from 'preact'
import { Body } from './parts'
import { ended, offered, type Entry, type State } from './store'
import { fill, type Language } from './strings'
import { clock, progress, rows, senderName, type Row } from './view'
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

// Transcript follows the newest message while the visitor is at the end, and stays where they read otherwise.
export class Transcript extends Component<Props, { announce: boolean; news: boolean }> {
  override state = { announce: false, news: false }
  #box = createRef<HTMLDivElement>()
  #follow = true
  #height = 0
  #first = ''
  #last = ''
  // An image that arrives, a keyboard that opens or a window that shrinks must not hide the newest message.
  #resized = new ResizeObserver(() => this.#follow && this.#end())

  override shouldComponentUpdate(next: Props, local: unknown): boolean {
    return next.state !== this.props.state || next.lang.locale !== this.props.lang.locale || next.lang.code !== this.props.lang.code || local !== this.state
  }

  override componentDidMount(): void {
    const box = this.#box.current
    if (!box) return
    this.#resized.observe(box)
    if (box.firstElementChild) this.#resized.observe(box.firstElementChild)
    this.componentDidUpdate()
  }

  override componentWillUnmount(): void {
    this.#resized.disconnect()
  }

  override componentDidUpdate(): void {
    const box = this.#box.current
    if (!box) return
    const { entries, loaded, older } = this.props.state
    const first = entries[0]?.id ?? ''
    const newest = entries.at(-1)
    const last = newest?.clientId ?? newest?.id ?? ''
    if (this.#follow || (last !== this.#last && newest?.pending)) this.#end()
    else if (first !== this.#first) box.scrollTop += box.scrollHeight - this.#height
    else if (last !== this.#last) this.#tell(true)
    this.#height = box.scrollHeight
    this.#first = first
    this.#last = last
    // A history that appears is not news: the log speaks only once it stands.
    const announce = loaded && !older
    if (announce !== this.state.announce) this.setState({ announce })
  }

  #end = (): void => {
    const box = this.#box.current
    if (!box) return
    this.#follow = true
    box.scrollTop = box.scrollHeight
    this.#tell(false)
  }

  #tell(news: boolean): void {
    if (news !== this.state.news) this.setState({ news })
  }

  #scrolled = (): void => {
    const box = this.#box.current
    if (!box || box.clientHeight === 0) return
    this.#follow = box.scrollHeight - box.scrollTop - box.clientHeight < nearEnd
    if (this.#follow) this.#tell(false)
    if (box.scrollTop < nearStart && box.scrollHeight > box.clientHeight && this.props.state.more) this.props.older()
  }

  override render({ state, lang, choose, retry, older }: Props): JSX.Element {
    const s = lang.strings
    const choices = offered(state)
    const done = ended(state)
    return (
        <div class="scroll" ref={this.#box} onScroll={this.#scrolled} tabIndex={0} role="region" aria-label={s.log}>
          <div class="column">
            {state.more && <button type="button" class="older" onClick={older}>{s.older}</button>}
            {state.loaded && !state.entries.length && <Welcome state={state} lang={lang} />}
            <div class="log" role="log" aria-live={this.state.announce ? 'polite' : 'off'} aria-label={s.log}>
              {rows(state.entries, Date.now(), lang.locale).map((row) => <RowView key={row.key} row={row} state={state} lang={lang} retry={retry} />)}
            </div>
            {choices && !done && (
              <div class="replies" role="group" aria-label={s.answers}>
                {choices.map((c) => <button key={c.id} type="button" onClick={() => choose(c)}>{c.label}{c.detail && <small> {c.detail}</small>}</button>)}
              </div>
            )}
            {state.typing && (
              <div class="dots" role="img" aria-label={fill(s.typing, senderName(state.typing.author, state.typing.name, state, lang))}>
                <i /><i /><i />
              </div>
            )}
            {done && <p class="line">{s.ended}</p>}
          </div>
          {this.state.news && <button type="button" class="jump" onClick={this.#end}>↓ {s.news}</button>}
        </div>
    )
  }
}

function RowView({ row, state, lang, retry }: { row: Row; state: State; lang: Language; retry: (clientId: string) => void }): JSX.Element {
  if (row.kind === 'day') return <div class="day">{row.label}</div>
  if (row.kind === 'line') return <div class="line" dir="auto">{row.entry.content.text || row.entry.content.event}</div>
  const mine = row.author === 'consumer'
  const name = senderName(row.author, row.name, state, lang)
  const first = row.entries[0]
  return (
    <div class={mine ? 'group mine' : 'group'}>
      {!mine && first && (
        <div class="by" aria-hidden="true">
          <b>{name} </b>
          <Time at={first.at} lang={lang} />
        </div>
      )}
      {row.entries.map((e, i) => (
        <div key={e.clientId ?? e.id} class={messageClass(e, i === row.entries.length - 1)}>
          <Body content={e.content} before={name} />
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
  return <time dateTime={new Date(at).toISOString()}>{clock(at, lang)}</time>
}

function Welcome({ state, lang }: { state: State; lang: Language }): JSX.Element {
  const name = state.brand?.name ?? ''
  return (
    <div class="welcome">
      <div class="face" aria-hidden="true">{initial(name)}</div>
      <p>{lang.strings.hello}</p>
    </div>
  )
}

export const initial = (name: string): string => [...name][0]?.toUpperCase() ?? ''
