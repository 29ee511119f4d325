import { ActionIcon, Menu, Text } from '@mantine/core'
import { IconBulb, IconDotsVertical } from '@tabler/icons-react'
import type { Heard, Tone } from '../../api'
import { useNames } from '../../desk/attention'
import type { Line } from '../../live/thread'
import { s } from '../../strings'
import { useHearing } from './hearing'
import classes from './Transcript.module.css'
import { t } from './strings'

const tones: Tone[] = ['negative', 'neutral', 'positive']

/** menusIn is the element of the transcript that open menus are drawn in: outside of the log, which reads itself out. */
export const menusIn = 'message-menus'

type Props = { line: Line; me: string; ask: (line: Line) => void }

/** MessageMenu lets an agent say what a consumer's message means and how it sounds. */
export function MessageMenu({ line: l, me, ask }: Props) {
  const { judge } = useHearing()
  return (
    <Menu position="bottom-start" shadow="md" width={224} keepMounted={false} withInitialFocusPlaceholder={false} portalProps={{ target: `#${menusIn}` }}>
      <Menu.Target>
        <ActionIcon className={classes.about} variant="subtle" color="gray" size={28} aria-label={t.hearing.menu}><IconDotsVertical size={16} /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconBulb size={18} stroke={1.6} />} onClick={() => ask(l)}>{t.hearing.means}</Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t.hearing.sounds}</Menu.Label>
        {/* What the gateway guessed can be confirmed, so a marked tone acts, too. */}
        <Menu.RadioGroup value={l.heard?.tone ?? ''} onChange={() => undefined} aria-label={t.hearing.sounds}>
          {tones.map((tone) => (
            <Menu.RadioItem key={tone} value={tone} closeMenuOnClick onClick={() => judge.mutate({ line: l, tone })}>{t.hearing.tones[tone]}</Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        {l.heard && <Judge heard={l.heard} me={me} />}
      </Menu.Dropdown>
    </Menu>
  )
}

/** Judge says whose word the tone is. */
function Judge({ heard, me }: { heard: Heard; me: string }) {
  const names = useNames()
  const who = !heard.by ? s.mood.guess : heard.by === `agent:${me}` ? t.hearing.judgedYou : t.hearing.judged(names(heard.by) ?? s.desk.colleague)
  return <Text size="xs" c="dimmed" px="sm" py="snug">{who}</Text>
}
