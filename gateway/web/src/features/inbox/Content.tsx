import { Anchor, Stack, Text } from '@mantine/core'
import { IconCheck, IconFile, IconMapPin, IconMusic, IconPhotoOff, IconVideo } from '@tabler/icons-react'
import { useState } from 'react'
import type { Content as MessageContent } from '../../api'
import { Linked } from '../../ui/parts'
import classes from './Transcript.module.css'
import { t } from './strings'

const safe = (url: string) => (/^(https?:\/\/|\/(?![/\\]))/i.test(url) ? url : undefined)

/** Photo is an image that links to itself; when it does not load it says so and stays a link. */
function Photo({ url, name }: { url: string; name: string }) {
  const [broken, setBroken] = useState(false)
  const href = safe(url)
  if (!href || broken) return <span className={classes.media}><IconPhotoOff size={18} aria-hidden />{name}: {t.content.broken}</span>
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      <img className={classes.photo} src={href} alt={name} loading="lazy" referrerPolicy="no-referrer" onError={() => setBroken(true)} />
    </a>
  )
}

function Media({ media }: { media: NonNullable<MessageContent['media']> }) {
  return media.map((m) => {
    const name = m.name ?? t.content[m.kind]
    if (m.kind === 'image') return <Photo key={m.url} url={m.url} name={name} />
    const Icon = m.kind === 'video' ? IconVideo : m.kind === 'audio' ? IconMusic : IconFile
    return (
      <Anchor key={m.url} className={classes.media} href={safe(m.url)} target="_blank" rel="noopener noreferrer" underline="hover">
        <Icon size={18} stroke={1.6} aria-hidden />{name}
      </Anchor>
    )
  })
}

function Cards({ cards }: { cards: NonNullable<MessageContent['cards']> }) {
  return cards.map((card) => (
    <article key={card.title} className={classes.card}>
      {card.image && safe(card.image) && <img src={card.image} alt="" loading="lazy" referrerPolicy="no-referrer" />}
      <Stack gap="thin" p="sm">
        <Text variant="strong" size="sm">{card.title}</Text>
        {card.subtitle && <Text size="sm" c="dimmed">{card.subtitle}</Text>}
        {card.links?.map((l) => (
          <Anchor key={l.url + l.label} href={safe(l.url)} target="_blank" rel="noopener noreferrer" size="sm">{l.label}</Anchor>
        ))}
      </Stack>
    </article>
  ))
}

function Contacts({ contacts }: { contacts: NonNullable<MessageContent['contacts']> }) {
  return contacts.map((c) => (
    <article key={c.name} className={classes.card}>
      <Stack gap="thin" p="sm">
        <Text variant="strong" size="sm">{c.name}</Text>
        {c.org && <Text size="sm" c="dimmed">{c.org}</Text>}
        {c.phones?.map((phone) => <Anchor key={phone} href={`tel:${phone.replace(/[^+\d]/g, '')}`} size="sm">{phone}</Anchor>)}
        {c.emails?.map((mail) => <Anchor key={mail} href={`mailto:${encodeURIComponent(mail)}`} size="sm">{mail}</Anchor>)}
      </Stack>
    </article>
  ))
}

function Place({ location: at }: { location: NonNullable<MessageContent['location']> }) {
  const where = [at.name, at.address].filter(Boolean).join(', ') || `${at.lat.toFixed(5)}, ${at.lon.toFixed(5)}`
  return (
    <Anchor className={classes.media} href={`https://www.openstreetmap.org/?mlat=${at.lat}&mlon=${at.lon}#map=16/${at.lat}/${at.lon}`} target="_blank" rel="noopener noreferrer" title={t.content.map}>
      <IconMapPin size={18} stroke={1.6} aria-hidden />{where}
    </Anchor>
  )
}

/** Content draws a message as the consumer saw it; `picked` is the quick reply taken afterwards. */
export function Content({ content: c, picked }: { content: MessageContent; picked?: string }) {
  const text = c.text ?? c.picked?.label
  const empty = !text && !c.media?.length && !c.cards?.length && !c.location && !c.contacts?.length
  return (
    <>
      {text && <div className={classes.bubble}><Linked text={text} /></div>}
      {c.media && <Media media={c.media} />}
      {c.contacts && <Contacts contacts={c.contacts} />}
      {c.cards && <Cards cards={c.cards} />}
      {c.location && <Place location={c.location} />}
      {empty && <div className={classes.bubble}>{c.template ? t.content.template(c.template.name) : c.unsupported ? t.content.foreign(c.unsupported) : t.content.unsupported}</div>}
      {c.choices && c.choices.length > 0 && (
        <ul className={classes.choices} aria-label={t.content.options}>
          {c.choices.map((choice) => (
            <li key={choice.id} className={classes.choice} data-picked={choice.id === picked || undefined}>
              {choice.id === picked && <IconCheck size={13} stroke={2.4} aria-label={t.content.picked} role="img" />}{choice.label}{choice.detail && <Text span size="xs" c="dimmed">&nbsp;{choice.detail}</Text>}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
