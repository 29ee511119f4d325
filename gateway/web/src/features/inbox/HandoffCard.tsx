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
      <Group gap="close" wrap="nowrap" align="flex-start">
        <IconRobot size={19} stroke={1.7} aria-hidden className={classes.mark} />
        <Group className={classes.told}>
          <Text component="h3" variant="heading">{t.handoff.title(h.from)}</Text>
          <Badge variant="light" color="orange">{h.reason}</Badge>
          {h.level !== undefined && <Badge variant="default">{t.handoff.level(h.level)}</Badge>}
          {h.language && <Badge variant="default">{t.handoff.language(languageName(h.language))}</Badge>}
        </Group>
        <Text size="xs" c="dimmed" flex="none" mt="thin"><Time at={h.at} /></Text>
        <ActionIcon variant="subtle" color="gray" size={26} aria-expanded={open} aria-label={open ? t.handoff.fold : t.handoff.unfold} onClick={() => setChosen(!open)}>
          {open ? <IconChevronUp size={17} /> : <IconChevronDown size={17} />}
        </ActionIcon>
      </Group>
      <Collapse expanded={open}>
      {h.note && <Text className={classes.said} variant="name">{h.note}</Text>}
      {h.summary && <Text className={classes.said}>{h.summary}</Text>}
      {(h.facts.length > 0 || sounds || language) && (
        <Group gap="snug" mt="close">
          {h.facts.map((f) => (
            <span key={f.name} className={classes.fact}>
              <span><Text span inherit c="dimmed">{f.name}</Text> <Text span inherit variant="strong">{f.value}</Text></span>
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
              <Text span inherit c="dimmed">{s.mood.sounds}</Text><Text span inherit variant="strong">{s.mood.scored(s.mood.plain[sounds.tone], scoreText(sounds.score))}</Text><MoodMark mood={sounds} bare />
            </span>
          )}
          {language && <span className={classes.heard}><Text span inherit c="dimmed">{s.mood.writes}</Text><Text span inherit variant="strong">{languageName(language)}</Text></span>}
        </Group>
      )}
      {h.tried.length > 0 && (
        <ul className={classes.tried} aria-label={t.handoff.tried}>
          {h.tried.map((way) => (
            <li key={way.what}>
              {way.ok
                ? <IconCheck size={15} stroke={2.4} className={classes.worked} role="img" aria-label={t.handoff.worked} />
                : <IconX size={15} stroke={2.4} className={classes.failed} role="img" aria-label={t.handoff.failed} />}
              {way.what}
            </li>
          ))}
        </ul>
      )}
      {h.trace && (
        <>
          <Button variant="subtle" size="compact-xs" mt="close" aria-expanded={trace} onClick={() => setTrace(!trace)}>
            {t.handoff.trace}: {trace ? t.handoff.hide : t.handoff.show}
          </Button>
          {trace && <pre className={classes.trace} tabIndex={0}>{h.trace}</pre>}
        </>
      )}
      </Collapse>
    </section>
  )
}
