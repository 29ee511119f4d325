import { ActionIcon, Badge, Button, Group, Menu, Text, Tooltip } from '@mantine/core'
import { IconArrowBackUp, IconArrowLeft, IconArrowsExchange, IconBan, IconCheck, IconDots, IconHandGrab, IconRobot, IconUserCircle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Conversation, View } from '../../api'
import { useSkillName } from '../../desk/attention'
import { Face } from '../../ui/Face'
import { MoodMark } from '../../ui/mood'
import { useChannelName } from '../../ui/channel'
import { Fill, Keys } from '../../ui/parts'
import { clockOf } from '../../ui/time'
import classes from './Inbox.module.css'
import type { Role } from './role'
import { t } from './strings'

export type Dialog = 'transfer' | 'close' | 'requeue' | 'return' | 'consent' | 'context'

type Props = { conversation: Conversation; role: Role; view: View; open: (d: Dialog) => void; take: () => void; taking: boolean }

function OwnerBadge({ conversation: c, mine }: { conversation: Conversation; mine: boolean }) {
  if (c.state === 'closed') return <Badge variant="light" color="gray">{c.outcome ? t.conversation.closedAs(c.outcome) : t.conversation.closed}</Badge>
  if (mine) return <Badge variant="light" color="indigo" flex="none">{t.conversation.you}</Badge>
  if (c.owner === 'agent' && c.agent_there === false) return <Badge variant="light" color="red">{t.conversation.notThere(c.agent?.name ?? '')}</Badge>
  if (c.owner === 'agent') return <Badge variant="light" color="grape">{c.agent?.name}</Badge>
  if (c.owner === 'queue' && c.waits_for) return <Badge variant="light" color="orange">{t.conversation.waitsFor(c.waits_for.agent.name, clockOf(c.waits_for.until))}</Badge>
  if (c.owner === 'queue') return <Badge variant="light" color="orange">{t.conversation.queue}</Badge>
  return <Badge variant="light" color="teal">{t.conversation.bot}</Badge>
}

/** Header names the consumer, who has the conversation, and what one can do with it. */
export function Header({ conversation: c, role, view, open, take, taking }: Props) {
  const channelName = useChannelName()
  const skill = useSkillName(c.skill)
  return (
    <header className={classes.header}>
      <ActionIcon
        className={classes.back} variant="subtle" color="gray" size="lg" aria-label={t.conversation.back}
        renderRoot={(props) => <Link to="/inbox/$view/{-$conversation}" params={{ view, conversation: undefined }} search={(old) => old} {...props} />}
      ><IconArrowLeft size={20} /></ActionIcon>
      <Face className={classes.wide} person={c.consumer} size={38} />
      <Fill>
        <Group gap="close" wrap="nowrap">
          <Text component="h2" variant="strong" size="md" truncate>{c.consumer.name}</Text>
          <MoodMark mood={c.mood} size={18} />
          <OwnerBadge conversation={c} mine={role.mine} />
        </Group>
        <Text size="sm" c="dimmed" truncate>{[channelName(c.kind), skill].filter(Boolean).join(' · ')}</Text>
      </Fill>
      <Group gap="close" wrap="nowrap">
        {(role.mayTake || role.takesOver) && (
          <Button size="sm" leftSection={<IconHandGrab size={16} aria-hidden />} loading={taking} onClick={take}>
            {role.takesOver ? t.conversation.takeOver : t.conversation.take}
          </Button>
        )}
        {role.mine && (
          <>
            <Tooltip label={<>{t.conversation.transfer} <Keys combo="T" /></>}>
              <Button className={classes.wide} variant="default" leftSection={<IconArrowsExchange size={16} aria-hidden />} onClick={() => open('transfer')}>{t.conversation.transfer}</Button>
            </Tooltip>
            <Tooltip label={<>{t.conversation.close} <Keys combo="E" /></>}>
              <Button className={classes.wide} leftSection={<IconCheck size={16} aria-hidden />} onClick={() => open('close')}>{t.conversation.close}</Button>
            </Tooltip>
            <ActionIcon className={classes.narrow} size={36} aria-label={t.conversation.close} onClick={() => open('close')}><IconCheck size={20} /></ActionIcon>
            <Menu position="bottom-end" shadow="md" width={220} keepMounted={false} withinPortal={false} withInitialFocusPlaceholder={false}>
              <Menu.Target>
                <ActionIcon variant="default" size={36} aria-label={t.conversation.more}><IconDots size={18} /></ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item leftSection={<IconArrowsExchange size={18} stroke={1.6} />} onClick={() => open('transfer')}>{t.conversation.transfer}</Menu.Item>
                <Menu.Item leftSection={<IconArrowBackUp size={18} stroke={1.6} />} onClick={() => open('requeue')}>{t.conversation.requeue}</Menu.Item>
                <Menu.Item leftSection={<IconRobot size={18} stroke={1.6} />} onClick={() => open('return')}>{t.conversation.returnToBot}</Menu.Item>
                <Menu.Item leftSection={<IconBan size={18} stroke={1.6} />} onClick={() => open('consent')}>{t.conversation.consent}</Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </>
        )}
        <ActionIcon className={classes.contextButton} variant="default" size={36} aria-label={t.conversation.context} onClick={() => open('context')}><IconUserCircle size={20} stroke={1.6} /></ActionIcon>
      </Group>
    </header>
  )
}
