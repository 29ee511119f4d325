import { Badge } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import type { Conversation, StateFilter, View } from '../../api'
import { Face } from '../../ui/Face'
import { MoodMark } from '../../ui/mood'
import { ChannelIcon } from '../../ui/channel'
import { span, Time, useNow, waited } from '../../ui/time'
import { Fill } from '../../ui/parts'
import classes from './Inbox.module.css'
import { t } from './strings'

// The bar is full after this wait. The contract tells no service level per skill yet.
const fullWaitMs = 5 * 60_000

const levelOf = (share: number) => (share >= 1 ? 'late' : share >= 0.6 ? 'soon' : 'fine')

type Props = {
  conversation: Conversation
  view: View
  search: { state?: StateFilter; q?: string }
  current: boolean
  unread: number
  draft?: string
  gone: boolean
  me: string
}

function ago(since: number, now: number) {
  const ms = now - since
  return ms < 60_000 ? waited(Math.max(0, ms)) : span(ms)
}

/** Row is one conversation of the list. */
export const Row = memo(function Row({ conversation: c, view, search, current, unread, draft, gone, me }: Props) {
  const now = useNow()
  const since = c.state === 'open' ? c.waiting_since : undefined
  const share = since === undefined ? 0 : Math.min(1, (now - since) / fullWaitMs)
  const level = levelOf(share)
  const prefix = c.preview_author === 'agent' ? (c.agent && c.agent.id !== me ? `${c.agent.name.split(' ')[0] ?? ''}:` : t.list.you)
    : c.preview_author === 'bot' ? t.list.bot : ''
  // Who waits is told by what it is about; the last word says little of it.
  const about = c.about?.split('\n')[0]
  const waiting = c.owner === 'queue' && about !== undefined
  const last = waiting ? about : `${prefix} ${c.preview || t.list.noPreview}`
  const topic = waiting ? c.reason : about
  return (
    <li>
      <Link
        to="/inbox/$view/{-$conversation}" params={{ view, conversation: c.id }} search={search} data-row={c.id} data-gone={gone || undefined}
        aria-current={current} className={`${classes.row} ${unread > 0 ? classes.unread : ''}`} preload={false}
      >
        <Face person={c.consumer} size={36} />
        <Fill>
          <div className={classes.line}>
            <span className={classes.name}>{c.consumer.name}</span>
            <ChannelIcon kind={c.kind} />
            <MoodMark mood={c.mood} />
            {since === undefined ? (
              <Time at={c.last_at} className={classes.when} />
            ) : (
              <span className={classes.when} data-level={level} title={t.list.waitsLong(ago(since, now))}>{t.list.waits(span(now - since))}</span>
            )}
          </div>
          <div className={classes.line}>
            {gone ? <span className={classes.preview}>{t.list.gone}</span>
              : draft ? <span className={classes.preview}><span className={classes.draft}>{t.list.draft}</span> {draft}</span>
              : <span className={classes.preview}>{last}</span>}
            {c.state === 'closed' && <Badge size="xs" variant="light" color="gray">{c.outcome ?? t.list.closed}</Badge>}
            {unread > 0 && <Badge size="sm" circle aria-label={t.list.unread(unread)}>{unread > 9 ? '9+' : unread}</Badge>}
          </div>
          {topic && c.state === 'open' && <div className={classes.topic}>{topic}</div>}
          {since !== undefined && (
            <div className={classes.wait} data-level={level} aria-hidden><progress max={1} value={Math.max(0.04, share)} /></div>
          )}
        </Fill>
      </Link>
    </li>
  )
})
