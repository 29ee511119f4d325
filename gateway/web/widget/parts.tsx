/** @jsxImportSource preact */
import type { ComponentChildren, JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Icon } from './icons'
import { fileUrl, pieces, safeUrl } from './links'
import type { Strings } from './strings'
import type { Card, Content, Media } from './wire'

// What one message says. Everything of others is shown as text; addresses are checked before they become links.

export function Body({ content, before, s, loaded }: { content: Content; before: string; s: Strings; loaded: () => void }): JSX.Element {
  const text = content.text || content.picked?.label
  return (
    <>
      <span class="sr">{before}: </span>
      {text && (
        <div class="bubble" dir="auto" part="bubble">
          {pieces(text).map((p) => (p.href ? <Outside href={p.href}>{p.text}</Outside> : p.text))}
        </div>
      )}
      {content.media?.map((m) => <File key={m.url} media={m} s={s} loaded={loaded} />)}
      {content.location && <Place location={content.location} s={s} />}
      {content.cards?.length ? (
        <ul class="cards" role="list">
          {content.cards.map((c, i) => <CardItem key={i} card={c} loaded={loaded} />)}
        </ul>
      ) : null}
    </>
  )
}

function Outside({ href, class: name, children }: { href: string; class?: string; children: ComponentChildren }): JSX.Element {
  return (
    <a href={href} class={name} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  )
}

function File({ media, s, loaded }: { media: Media; s: Strings; loaded: () => void }): JSX.Element | null {
  const [broken, setBroken] = useState(false)
  const href = fileUrl(media.url)
  const name = media.name || s.file
  if (!href) return <div class="file"><Icon name="file" />{name}</div>
  if (media.kind === 'image' && !broken) {
    return (
      <Outside href={href}>
        <img class="image" src={href} alt={name} loading="lazy" referrerpolicy="no-referrer" onLoad={loaded} onError={() => setBroken(true)} />
      </Outside>
    )
  }
  return <Outside href={href} class="file"><Icon name="file" />{name}</Outside>
}

function Place({ location, s }: { location: NonNullable<Content['location']>; s: Strings }): JSX.Element {
  const { lat, lon, name, address } = location
  const href = `https://www.openstreetmap.org/?mlat=${Number(lat)}&mlon=${Number(lon)}#map=16/${Number(lat)}/${Number(lon)}`
  return (
    <Outside href={href} class="file">
      <Icon name="pin" />
      {[name, address].filter(Boolean).join(', ') || s.map}
    </Outside>
  )
}

function CardItem({ card, loaded }: { card: Card; loaded: () => void }): JSX.Element {
  const [broken, setBroken] = useState(false)
  const image = broken ? undefined : fileUrl(card.image)
  return (
    <li class="card" part="card">
      {image && <img src={image} alt="" loading="lazy" referrerpolicy="no-referrer" onLoad={loaded} onError={() => setBroken(true)} />}
      <p dir="auto">{card.title}</p>
      {card.subtitle && <p dir="auto">{card.subtitle}</p>}
      {card.links?.map((l) => {
        const href = safeUrl(l.url)
        return href && <Outside key={l.url} href={href}>{l.label}</Outside>
      })}
    </li>
  )
}
