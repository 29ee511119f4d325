import { Button, Drawer, Group, Skeleton, Stack } from '@mantine/core'
import { IconMoodEmpty } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { detailQuery, Failure, type Session, type View } from '../../api'
import { s } from '../../strings'
import { useOffers } from '../../desk/attention'
import { useKeys } from '../../ui/keys'
import { ErrorAlert, failureOf, Nothing } from '../../ui/parts'
import { CloseDialog } from './CloseDialog'
import { useCommands } from '../../desk/commands'
import { Composer } from './Composer'
import { Context } from './Context'
import { Header } from './Header'
import classes from './Inbox.module.css'
import { NoteDialog } from './NoteDialog'
import { roleOf } from './role'
import { Transcript } from './Transcript'
import { TransferDialog } from '../../desk/TransferDialog'
import { useThread } from './useThread'
import { useSeen } from './useSeen'
import { t } from './strings'

export type Dialog = 'transfer' | 'close' | 'requeue' | 'return' | 'context'

/** ConversationPane is one open conversation: header, transcript, composer, and the panel about the consumer. */
export function ConversationPane({ id, session, view }: { id: string; session: Session; view: View }) {
  const query = useQuery(detailQuery(id))
  const thread = useThread(id)
  const [dialog, setDialog] = useState<Dialog>()
  const [focusMode, setFocusMode] = useState<{ mode: 'reply' | 'note'; n: number }>()
  const { take } = useCommands()
  const offered = useOffers().length > 0
  const detail = query.data
  const c = detail?.conversation
  const role = c ? roleOf(c, session) : undefined
  useSeen(c, thread.lines, role?.mine ?? false)

  const shut = () => setDialog(undefined)
  const focus = (mode: 'reply' | 'note') => setFocusMode((old) => ({ mode, n: (old?.n ?? 0) + 1 }))
  useKeys({
    t: role?.mayRoute ? () => setDialog('transfer') : undefined,
    e: role?.mayRoute ? () => setDialog('close') : undefined,
    r: role?.mine ? () => focus('reply') : undefined,
    n: c ? () => focus('note') : undefined,
    // While an offer waits, A accepts that one.
    a: c && role?.mayTake && !offered ? () => take.mutate({ id, rev: c.rev }) : undefined,
  })

  const failing = failureOf(query)
  if (failing !== undefined && !detail) {
    const missing = failing instanceof Failure && failing.code === 'not_found'
    return (
      <section className={classes.pane} data-empty aria-label={t.conversation.label}>
        {missing ? (
          <Nothing icon={<IconMoodEmpty stroke={1.5} />} title={t.conversation.missing} text={t.conversation.missingText}>
            <Button size="xs" variant="default" renderRoot={(props) => <Link to="/inbox/$view/{-$conversation}" params={{ view, conversation: undefined }} {...props} />}>{t.conversation.back}</Button>
          </Nothing>
        ) : <ErrorAlert title={s.errors.conversation} error={failing} retry={() => void query.refetch()} />}
      </section>
    )
  }
  return (
    <div className={classes.pane}>
      <section className={classes.conversation} aria-label={t.conversation.label}>
        {c && role ? <Header conversation={c} role={role} view={view} open={setDialog} take={() => take.mutate({ id, rev: c.rev })} taking={take.isPending} /> : <HeaderSkeleton />}
        <Transcript id={id} thread={thread} detail={detail} me={session.user.id} />
        {c && role && <Composer conversation={c} detail={detail} role={role} thread={thread} focusMode={focusMode} />}
      </section>
      <aside className={classes.context} aria-label={t.context.title}>
        {detail ? <Context detail={detail} me={session.user.id} view={view} /> : <ContextSkeleton />}
      </aside>
      {detail && c && (
        <>
          <Drawer opened={dialog === 'context'} onClose={shut} position="right" size={340} title={t.context.title} styles={{ title: { fontWeight: 650, fontSize: 18 } }} closeButtonProps={{ 'aria-label': s.shell.close }}>
            <Context detail={detail} me={session.user.id} view={view} onLeave={shut} />
          </Drawer>
          <TransferDialog opened={dialog === 'transfer'} onClose={shut} conversation={c} me={session.user.id} />
          <CloseDialog opened={dialog === 'close'} onClose={shut} conversation={c} />
          <NoteDialog kind="requeue" opened={dialog === 'requeue'} onClose={shut} conversation={c} />
          <NoteDialog kind="return" opened={dialog === 'return'} onClose={shut} conversation={c} />
        </>
      )}
    </div>
  )
}

function HeaderSkeleton() {
  return (
    <div className={classes.header} aria-hidden>
      <Skeleton circle h={38} w={38} /><Stack gap={8}><Skeleton h={13} w={140} /><Skeleton h={10} w={190} /></Stack>
    </div>
  )
}

function ContextSkeleton() {
  return (
    <div aria-hidden>
      <Group><Skeleton circle h={52} w={52} /><Skeleton h={14} w={140} /></Group>
      <Stack mt={32} gap={14}>{[90, 70, 80, 60].map((w) => <Skeleton key={w} h={11} w={`${w}%`} />)}</Stack>
    </div>
  )
}
