/** @jsxImportSource preact */
import type { ComponentChildren, JSX } from 'preact'
import { fileUrl, pieces, safeUrl } from '../text/links'
import type { Card, Contact, Content, Media } from './wire'

// What one message says. Everything of others is shown as text; addresses are checked before they become links.

export function Body({ content, before }: { content: Content; before: string }): JSX.Element {
  const text = content.text || content.picked?.label
  return (
    <>
      <span class="sr">{before}: </span>
      {text && (
        <div class="bubble" dir="auto">
          {pieces(text).map((p) => (p.href ? <Outside href={p.href}>{p.text}</Outside> : p.text))}
        </div>
      )}
      {content.media?.map((m) => <File key={m.url} media={m} />)}
      {content.location && <Place location={content.location} />}
      <Cards cards={[...(content.contacts ?? []).map(cardOf), ...(content.cards ?? [])]} />
    </>
  )
}

function Cards({ cards }: { cards: Card[] }): JSX.Element | null {
  if (!cards.length) return null
  return <ul class="cards" role="list">{cards.map((c, i) => <CardItem key={i} card={c} />)}</ul>
}

/** cardOf draws a contact: its numbers and addresses are links. */
const cardOf = ({ name, org, phones = [], emails = [] }: Contact): Card => ({
  title: name, subtitle: org,
  links: [...phones.map((p) => ({ label: p, url: `tel:${p.replace(/[^+\d]/g, '')}` })), ...emails.map((e) => ({ label: e, url: `mailto:${e}` }))],
})

function Outside({ href, class: name, children }: { href: string; class?: string; children: ComponentChildren }): JSX.Element {
  return (
    <a href={href} class={name} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  )
}

function File({ media }: { media: Media }): JSX.Element | null {
  const href = fileUrl(media.url)
  const name = media.name || media.kind
  if (!href) return <div class="file">{name}</div>
  if (media.kind === 'image') {
    return (
      <Outside href={href}>
        <img class="image" src={href} alt={name} loading="lazy" referrerpolicy="no-referrer" />
      </Outside>
    )
  }
  return <Outside href={href} class="file">{name}</Outside>
}

function Place({ location }: { location: NonNullable<Content['location']> }): JSX.Element {
  const { lat, lon, name, address } = location
  const href = `https://www.openstreetmap.org/?mlat=${Number(lat)}&mlon=${Number(lon)}#map=16/${Number(lat)}/${Number(lon)}`
  return (
    <Outside href={href} class="file">
      {[name, address].filter(Boolean).join(', ') || `${lat}, ${lon}`}
    </Outside>
  )
}

function CardItem({ card}: { card: Card }): JSX.Element {
  const image = fileUrl(card.image)
  return (
    <li class="card">
      {image && <img src={image} alt="" loading="lazy" referrerpolicy="no-referrer" onError={(e) => (e.currentTarget.hidden = true)} />}
      <p dir="auto">{card.title}</p>
      {card.subtitle && <p dir="auto">{card.subtitle}</p>}
      {card.links?.map((l) => {
        const href = safeUrl(l.url)
        return href && <Outside key={l.url} href={href}>{l.label}</Outside>
      })}
    </li>
  )
}
