import { VisuallyHidden } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { IconMessages } from '@tabler/icons-react'
import { useEffect } from 'react'
import { detailQuery, sessionQuery } from '../../api'
import { useWaitingForMe } from '../../desk/attention'
import { Nothing } from '../../ui/parts'
import { ConversationPane } from './ConversationPane'
import classes from './Inbox.module.css'
import { List } from './List'
import { t } from './strings'

/** Inbox is the agents' page: the list, the conversation, and who it is with. */
export function Inbox() {
  const { view, conversation } = useParams({ from: '/workspace/inbox/$view/{-$conversation}' })
  const { state = 'open', q = '' } = useSearch({ from: '/workspace/inbox/$view/{-$conversation}' })
  const session = useQuery(sessionQuery).data
  const name = useQuery({ ...detailQuery(conversation ?? ''), enabled: conversation !== undefined }).data?.conversation.consumer.name
  const waiting = useWaitingForMe()

  useEffect(() => {
    const count = waiting > 0 ? `(${waiting}) ` : ''
    document.title = `${count}${conversation && name ? `${name} · ` : ''}${t.title}`
  }, [waiting, conversation, name])

  if (!session) return null
  return (
    <main className={classes.inbox} data-reading={conversation ? true : undefined}>
      <VisuallyHidden component="h1">{t.title}</VisuallyHidden>
      <List session={session} view={view} state={state} q={q} current={conversation} />
      {conversation ? (
        <ConversationPane key={conversation} id={conversation} session={session} view={view} />
      ) : (
        <section className={classes.pane} data-empty aria-label={t.conversation.label}>
          <Nothing icon={<IconMessages stroke={1.5} />} title={t.conversation.pick} text={t.conversation.pickText} />
        </section>
      )}
    </main>
  )
}
