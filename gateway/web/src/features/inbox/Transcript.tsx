import { Button, Modal, Skeleton } from '@mantine/core'
import { IconArrowDown } from '@tabler/icons-react'
import { Fragment, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useMutation } from '@tanstack/react-query'
import { api, type Detail, type Message, unwrap } from '../../api'
import { useStore } from '../../live/store'
import { writesIn } from '../../live/language'
import { useLive } from '../../live/live'
import type { Line } from '../../live/thread'
import { s } from '../../strings'
import { useChannelName } from '../../ui/channel'
import { ErrorAlert, failureOf } from '../../ui/parts'
import { tell, tellFailure } from '../../ui/tell'
import { clockOf, dayName, sameDay } from '../../ui/time'
import { Bubble } from './Bubble'
import { HandoffCard } from './HandoffCard'
import { MeaningForm } from './MeaningForm'
import { menusIn } from './MessageMenu'
import { useDesk } from '../../desk/desk'
import classes from './Transcript.module.css'
import type { ThreadView } from './useThread'
import { t } from './strings'

const groupMs = 2 * 60_000
const nearEnd = 80

const sameGroup = (a: Line | undefined, b: Line | undefined) =>
  a !== undefined && b !== undefined && a.author === b.author && a.author_id === b.author_id && a.note === b.note &&
  a.author !== 'system' && a.conversation === b.conversation && Math.abs(b.at - a.at) < groupMs && sameDay(a.at, b.at)

/** pickedOf tells for each message with quick replies which one the consumer's next message took. */
function pickedOf(lines: Line[]): Map<string, string> {
  const picked = new Map<string, string>()
  let offer: Line | undefined
  for (const l of lines) {
    if (l.content.choices?.length) offer = l
    else if (l.author === 'consumer' && offer) {
      if (l.content.picked) picked.set(offer.id, l.content.picked.id)
      offer = undefined
    }
  }
  return picked
}

type Props = { id: string; thread: ThreadView; detail: Detail | undefined; me: string }

/** Transcript is the consumer's thread: it stays where one reads, and follows when one is at its end. */
export function Transcript({ id, thread, detail, me }: Props) {
  const desk = useDesk()
  const { lines, query, more, older, loadOlder } = thread
  const box = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const fromEnd = useRef(0)
  const [below, setBelow] = useState(0)
  const [asked, setAsked] = useState<Line>()
  const known = useRef({ first: '', count: 0 })
  // What could not be delivered goes out in the order of the conversation that is open.
  const { mutate: again } = useMutation({
    mutationFn: (line: Line) => unwrap<Message>(api.POST('/conversations/{id}/messages/{message}/send', { params: { path: { id, message: line.id } } })),
    onSuccess: () => tell(t.sendAgain.done),
    onError: tellFailure,
  })
  const mayWrite = detail?.conversation.state === 'open' && detail.conversation.owner === 'agent'
  const picked = useMemo(() => pickedOf(lines), [lines])

  const toEnd = useCallback(() => {
    const el = box.current
    if (el) el.scrollTop = el.scrollHeight
    setBelow(0)
  }, [])

  useLayoutEffect(() => {
    const el = box.current
    if (!el) return
    const first = lines[0]?.id ?? ''
    const grew = lines.length - known.current.count
    if (atEnd.current) el.scrollTop = el.scrollHeight
    else if (first !== known.current.first) el.scrollTop = el.scrollHeight - fromEnd.current // older ones came above
    else if (grew > 0) setBelow((n) => n + grew)
    known.current = { first, count: lines.length }
  }, [lines])

  useEffect(() => {
    const el = box.current
    if (!el) return
    // The box shrinks and its content grows (composer, images): the end stays the end.
    const watch = new ResizeObserver(() => {
      if (atEnd.current) el.scrollTop = el.scrollHeight
    })
    watch.observe(el)
    if (el.firstElementChild) watch.observe(el.firstElementChild)
    return () => watch.disconnect()
  }, [])

  const onScroll = () => {
    const el = box.current
    if (!el) return
    fromEnd.current = el.scrollHeight - el.scrollTop
    atEnd.current = fromEnd.current - el.clientHeight < nearEnd
    if (atEnd.current) setBelow(0)
    if (el.scrollTop < 40 && more && !older.busy && !older.problem) loadOlder()
  }
  const retry = (clientId: string) => {
    const u = desk.outbox.get()[clientId]
    if (u) desk.sendAgain(u)
  }

  const failing = failureOf(query)
  const handoff = detail?.handoff
  const answered = handoff !== undefined && lines.some((l) => l.author === 'agent' && !l.note && l.conversation === id && l.at >= handoff.at)
  return (
    <>
      {handoff && <HandoffCard handoff={handoff} answered={answered} mood={detail.conversation.mood} language={writesIn(lines, id, detail.consumer.language)} />}
      <div className={classes.wrap}>
        <div className={classes.log} ref={box} role="log" aria-live="polite" aria-label={t.conversation.log} tabIndex={0} onScroll={onScroll}>
          <div className={classes.messages}>
            {query.isPending && failing === undefined && <Skeletons />}
            {failing !== undefined && lines.length === 0 && <ErrorAlert title={s.errors.thread} error={failing} retry={() => void query.refetch()} />}
            {more && (
              <Button size="compact-sm" variant="subtle" loading={older.busy} onClick={() => loadOlder()}>
                {older.problem ? `${older.problem} ${s.errors.retry}` : t.conversation.earlier}
              </Button>
            )}
            <Lines lines={lines} detail={detail} me={me} picked={picked} retry={retry} again={mayWrite ? again : undefined} ask={setAsked} />
          </div>
        </div>
        <div id={menusIn} />
        {below > 0 && (
          <Button className={classes.below} size="compact-sm" radius="xl" leftSection={<IconArrowDown size={14} aria-hidden />} onClick={toEnd} aria-label={t.conversation.jump}>
            {t.conversation.newBelow(below)}
          </Button>
        )}
      </div>
      <TypingLine id={id} />
      <Modal opened={asked !== undefined} onClose={() => setAsked(undefined)} title={t.hearing.title}>{asked && <MeaningForm line={asked} onClose={() => setAsked(undefined)} />}</Modal>
    </>
  )
}

type LinesProps = { lines: Line[]; detail: Detail | undefined; me: string; picked: Map<string, string>; retry: (clientId: string) => void; again?: (line: Line) => void; ask: (line: Line) => void }

function Lines({ lines, detail, me, picked, retry, again, ask }: LinesProps) {
  const channelName = useChannelName()
  const { clock } = useLive()
  const byId = useMemo(() => new Map(lines.map((l) => [l.id, l])), [lines])
  const kinds = new Map([detail?.conversation, ...(detail?.history ?? [])].flatMap((c) => (c ? [[c.id, c.kind] as const] : [])))
  return (
    <>
      {lines.map((l, i) => {
        const prev = lines[i - 1]
        const next = lines[i + 1]
        const newConversation = prev?.conversation !== l.conversation && (i > 0 || kinds.size > 1)
        const newDay = !prev || !sameDay(prev.at, l.at)
        return (
          <Fragment key={l.client_id ?? l.id}>
            {newConversation ? (
              <div className={classes.day}>{t.conversation.divider(channelName(kinds.get(l.conversation) ?? ''), `${dayName(l.at, clock.now())}, ${clockOf(l.at)}`)}</div>
            ) : newDay ? <div className={classes.day}>{dayName(l.at, clock.now())}</div> : null}
            <Bubble line={l} first={!sameGroup(prev, l)} last={!sameGroup(l, next)} me={me} picked={picked.get(l.id)} quoted={l.answers ? byId.get(l.answers) : undefined} retry={retry} again={again} ask={ask} />
          </Fragment>
        )
      })}
    </>
  )
}

function TypingLine({ id }: { id: string }) {
  const who = useStore(useLive().typists)[id]
  return <div className={classes.typing} aria-hidden>{who ? t.conversation.typing(who.name || s.desk.someone) : ''}</div>
}

function Skeletons() {
  return (
    <div className={classes.skeletons} aria-hidden>
      <Skeleton height={84} radius="md" />
      <Skeleton height={36} width="42%" radius="lg" />
      <Skeleton height={36} width="55%" radius="lg" ml="auto" />
      <Skeleton height={36} width="30%" radius="lg" />
      <Skeleton height={56} width="60%" radius="lg" ml="auto" />
    </div>
  )
}
