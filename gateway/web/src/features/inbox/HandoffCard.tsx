import { ActionIcon, Badge, Button, Collapse, CopyButton, Group, Text, Tooltip } from '@mantine/core'
import { IconCheck, IconChevronDown, IconChevronUp, IconCopy, IconRobot, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { Handoff, Mood } from '../../api'
import { s } from '../../strings'
import { languageName } from '../../ui/language'
import { MoodMark, scoreText } from '../../ui/mood'
import { Time } from '../../ui/time'
import classes from './Transcript.module.css'
import { t } from './strings'

// On a smaller screen the card folds once somebody has answered.
const roomy = () => window.innerHeight >= 760 && window.innerWidth >= 800

type Props = { handoff: Handoff; answered: boolean; mood?: Mood; language?: string }

/** HandoffCard is what the agent must know before reading on: from whom, why, the facts, what was tried, how the consumer sounds and in what language. */
export function HandoffCard({ handoff: h, answered, mood, language }: Props) {
  const [trace, setTrace] = useState(false)
  const [chosen, setChosen] = useState<boolean>()
  const sounds = mood && mood.tone !== 'neutral' ? mood : undefined
  const open = chosen ?? (!answered || roomy())
  return (
    <section className={classes.handoff} aria-label={t.handoff.title(h.from)}>
      <Group gap={8} wrap="nowrap" align="flex-start">
        <IconRobot size={19} stroke={1.7} aria-hidden style={{ flex: 'none', marginTop: 3 }} />
        <Group gap="4px 8px" flex={1}>
          <Text component="h3" fw={650} fz={15} m={0}>{t.handoff.title(h.from)}</Text>
          <Badge variant="light" color="orange">{h.reason}</Badge>
          {h.level !== undefined && <Badge variant="default">{t.handoff.level(h.level)}</Badge>}
          {h.language && <Badge variant="default">{t.handoff.language(languageName(h.language))}</Badge>}
        </Group>
        <Text size="xs" c="dimmed" flex="none" mt={4}><Time at={h.at} /></Text>
        <ActionIcon variant="subtle" color="gray" size={26} aria-expanded={open} aria-label={open ? t.handoff.fold : t.handoff.unfold} onClick={() => setChosen(!open)}>
          {open ? <IconChevronUp size={17} /> : <IconChevronDown size={17} />}
        </ActionIcon>
      </Group>
      <Collapse expanded={open}>
      {h.note && <Text fz={14.5} mt={6} fw={550} style={{ whiteSpace: 'pre-wrap' }}>{h.note}</Text>}
      {h.summary && <Text fz={14.5} mt={6} style={{ whiteSpace: 'pre-wrap' }}>{h.summary}</Text>}
      {(h.facts.length > 0 || sounds || language) && (
        <Group gap={6} mt={8}>
          {h.facts.map((f) => (
            <span key={f.name} className={classes.fact}>
              <span><Text span inherit c="dimmed">{f.name}</Text> <Text span inherit fw={600}>{f.value}</Text></span>
              <CopyButton value={f.value}>
                {({ copied, copy }) => (
                  <Tooltip label={copied ? t.handoff.copied : t.handoff.copy(f.name)}>
                    <ActionIcon size={24} radius="xl" variant="subtle" color="gray" aria-label={copied ? t.handoff.copied : t.handoff.copy(f.name)} onClick={copy}>
                      {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
                    </ActionIcon>
                  </Tooltip>
                )}
              </CopyButton>
            </span>
          ))}
          {sounds && (
            <span className={classes.heard}>
              <Text span inherit c="dimmed">{s.mood.sounds}</Text><Text span inherit fw={600}>{s.mood.scored(s.mood.plain[sounds.tone], scoreText(sounds.score))}</Text><MoodMark mood={sounds} bare />
            </span>
          )}
          {language && <span className={classes.heard}><Text span inherit c="dimmed">{s.mood.writes}</Text><Text span inherit fw={600}>{languageName(language)}</Text></span>}
        </Group>
      )}
      {h.tried.length > 0 && (
        <Group component="ul" gap="4px 16px" mt={10} mb={0} p={0} aria-label={t.handoff.tried} style={{ listStyle: 'none' }}>
          {h.tried.map((way) => (
            <Text component="li" key={way.what} size="sm" style={{ display: 'inline-flex', gap: 5, alignItems: 'center' }}>
              {way.ok
                ? <IconCheck size={15} stroke={2.4} color="var(--mantine-color-teal-7)" role="img" aria-label={t.handoff.worked} />
                : <IconX size={15} stroke={2.4} color="var(--mantine-color-red-7)" role="img" aria-label={t.handoff.failed} />}
              {way.what}
            </Text>
          ))}
        </Group>
      )}
      {h.trace && (
        <>
          <Button variant="subtle" size="compact-xs" mt={8} aria-expanded={trace} onClick={() => setTrace(!trace)}>
            {t.handoff.trace}: {trace ? t.handoff.hide : t.handoff.show}
          </Button>
          {trace && <pre className={classes.trace} tabIndex={0}>{h.trace}</pre>}
        </>
      )}
      </Collapse>
    </section>
  )
}
