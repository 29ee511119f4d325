import { Button, VisuallyHidden } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconChecks, IconClock, IconHelp, IconLock, IconRobot } from '@tabler/icons-react'
import type { DeliveryState } from '../../../text/delivery'
import type { Line } from '../../live/thread'
import { Time } from '../../ui/time'
import { s } from '../../strings'
import { Content } from './Content'
import { Quote, Reactions } from './Marks'
import { MessageMenu } from './MessageMenu'
import classes from './Transcript.module.css'
import { t } from './strings'

const ticks = { queued: IconClock, sent: IconCheck, delivered: IconChecks, read: IconChecks, failed: IconAlertTriangle, unknown: IconHelp, received: IconCheck }

function Delivery({ state, failure }: { state: DeliveryState; failure?: string }) {
  if (state === 'received') return null
  const Icon = ticks[state]
  const tone = state === 'failed' || state === 'unknown' ? classes.bad : state === 'read' ? classes.read : ''
  return (
    <span className={`${classes.delivery} ${tone}`}>
      <Icon size={15} stroke={2} aria-hidden />{t.delivery[state]}{failure && (state === 'failed' || state === 'unknown') ? `: ${failure}` : ''}
    </span>
  )
}

type Props = { line: Line; first: boolean; last: boolean; me: string; picked?: string; quoted?: Line; retry: (clientId: string) => void; again?: (line: Line) => void; ask: (line: Line) => void }

/** Bubble is one message; the last of a group carries who, when and what became of it. */
export function Bubble({ line: l, first, last, me, picked, quoted, retry, again, ask }: Props) {
  if (l.author === 'system' && !l.note) {
    return <div className={classes.system}>{l.content.text ?? l.content.event} · <Time at={l.at} as="clock" /></div>
  }
  const ours = l.author !== 'consumer'
  const look = l.note ? classes.note : l.author === 'bot' ? classes.bot : l.author === 'agent' ? classes.agent : ''
  const who = l.author === 'consumer' ? '' : l.author_id === me && l.author === 'agent' ? t.conversation.you : (l.author_name ?? (l.author === 'system' ? t.conversation.system : l.elsewhere ? t.marks.elsewhere : t.conversation.bot))
  const troubled = l.state === 'failed' || l.state === 'unknown' || l.local === 'refused'
  return (
    <div className={`${classes.message} ${ours ? classes.ours : ''} ${look} ${first ? classes.first : ''} ${l.local ? classes.unconfirmed : ''}`}>
      <VisuallyHidden>{l.note ? `${t.conversation.note}, ` : ''}{who || (l.author_name ?? s.desk.someone)}:</VisuallyHidden>
      {l.answers && <Quote of={quoted} />}
      {l.unsent_at ? <div className={classes.gone}>{l.author === 'consumer' ? t.marks.unsent : t.marks.unsentByUs}</div> : <Content content={l.content} picked={picked} />}
      {l.reactions && l.reactions.length > 0 && <Reactions all={l.reactions} />}
      {l.author === 'consumer' && l.content.text && <MessageMenu line={l} me={me} ask={ask} />}
      {(last || troubled || l.edited_at) && (
        <div className={classes.meta}>
          {l.note && <><IconLock size={13} aria-hidden /><span>{t.conversation.note} · {t.conversation.noteHint} ·</span></>}
          {l.author === 'bot' && <IconRobot size={14} stroke={1.8} aria-hidden />}
          {who && <span>{who} ·</span>}
          <Time at={l.at} as="clock" />
          {l.edited_at && !l.unsent_at && <span>· {t.marks.edited}</span>}
          {l.local === 'sending' && <span>· {t.delivery.sending}</span>}
          {l.local === 'refused' && (
            <>
              <span className={classes.bad}>· {t.delivery.refused}{l.failure ? `: ${l.failure}` : ''}</span>
              <Button size="compact-xs" variant="subtle" onClick={() => l.client_id && retry(l.client_id)}>{t.again}</Button>
            </>
          )}
          {!l.local && ours && !l.note && <><span>·</span><Delivery state={l.state} failure={l.failure} /></>}
          {again && !l.local && ours && !l.note && (l.state === 'failed' || l.state === 'unknown') && (
            <Button size="compact-xs" variant="subtle" onClick={() => again(l)}>{l.state === 'failed' ? t.sendAgain.do : t.sendAgain.doubtful}</Button>
          )}
        </div>
      )}
    </div>
  )
}
