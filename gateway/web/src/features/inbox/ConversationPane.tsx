import { Button, Drawer, Group, Modal, Skeleton, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconMoodEmpty } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { detailQuery, Failure, type Session, type View } from '../../api'
import { s } from '../../strings'
import { useOffers } from '../../desk/attention'
import { useKeys } from '../../ui/keys'
import { ErrorAlert, failureOf, Nothing } from '../../ui/parts'
import { CloseForm } from './CloseForm'
import { useCommands } from '../../desk/commands'
import { Composer } from './Composer'
import { Context } from './Context'
import { type Dialog, Header } from './Header'
import classes from './Inbox.module.css'
import { ConsentForm } from './ConsentForm'
import { NoteForm } from './NoteForm'
import { roleOf } from './role'
import { Transcript } from './Transcript'
import { TransferForm } from '../../desk/TransferForm'
import { useThread } from './useThread'
import { useSeen } from './useSeen'
import { t } from './strings'

const titles: Record<Dialog, string> = { transfer: s.transfer.title, close: t.closing.title, requeue: t.requeue.title, return: t.return.title, consent: t.consent.title, context: t.context.title }

/** ConversationPane is one open conversation: header, transcript, composer, and the panel about the consumer. */
export function ConversationPane({ id, session, view }: { id: string; session: Session; view: View }) {
  const query = useQuery(detailQuery(id))
  const thread = useThread(id)
  const [dialog, setDialog] = useState<Dialog>('context')
  const [opened, { open, close: shut }] = useDisclosure()
  const [focusMode, setFocusMode] = useState<{ mode: 'reply' | 'note'; n: number }>()
  const { take } = useCommands()
  const offered = useOffers().length > 0
  const detail = query.data
  const c = detail?.conversation
  const role = c ? roleOf(c, session) : undefined
  useSeen(c, thread.lines, role?.mine ?? false)

  // What is shut still fades out.
  const ask = (which: Dialog) => {
    setDialog(which)
    open()
  }
  const focus = (mode: 'reply' | 'note') => setFocusMode((old) => ({ mode, n: (old?.n ?? 0) + 1 }))
  useKeys({
    t: role?.mine ? () => ask('transfer') : undefined,
    e: role?.mine ? () => ask('close') : undefined,
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
        {c && role ? <Header conversation={c} role={role} view={view} open={ask} take={() => take.mutate({ id, rev: c.rev })} taking={take.isPending} /> : <HeaderSkeleton />}
        <Transcript id={id} thread={thread} detail={detail} me={session.user.id} />
        {c && role && <Composer conversation={c} detail={detail} role={role} thread={thread} focusMode={focusMode} />}
      </section>
      <aside className={classes.context} aria-label={t.context.title}>
        {detail ? <Context detail={detail} me={session.user.id} /> : <ContextSkeleton />}
      </aside>
      {detail && c && (
        <>
          <Drawer opened={opened && dialog === 'context'} onClose={shut} position="right" size={340} title={t.context.title}>
            <Context detail={detail} me={session.user.id} onLeave={shut} />
          </Drawer>
          <Modal opened={opened && dialog !== 'context'} onClose={shut} title={titles[dialog]} size={dialog === 'transfer' ? 'lg' : undefined}>
            {dialog === 'transfer' ? <TransferForm conversation={c} me={session.user.id} onClose={shut} />
              : dialog === 'close' ? <CloseForm conversation={c} onClose={shut} />
              : dialog === 'consent' ? <ConsentForm detail={detail} onClose={shut} />
              : dialog !== 'context' && <NoteForm kind={dialog} conversation={c} onClose={shut} />}
          </Modal>
        </>
      )}
    </div>
  )
}

function HeaderSkeleton() {
  return (
    <div className={classes.header} aria-hidden>
      <Skeleton circle height={38} width={38} /><Stack gap="close"><Skeleton height={13} width={140} /><Skeleton height={10} width={190} /></Stack>
    </div>
  )
}

function ContextSkeleton() {
  return (
    <div aria-hidden>
      <Group><Skeleton circle height={52} width={52} /><Skeleton height={14} width={140} /></Group>
      <Stack mt="xl" gap="sm">{[90, 70, 80, 60].map((w) => <Skeleton key={w} height={11} width={`${w}%`} />)}</Stack>
    </div>
  )
}
