import { Anchor } from '@mantine/core'
import { IconArrowRight, IconInbox, IconMessageCircle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { s } from '../../strings'
import { Logo } from '../../ui/Logo'
import classes from './Landing.module.css'
import { t } from './strings'

type Welcome = { brand?: string; chat_url?: string; docs?: string }

const local = (url: unknown) => (typeof url === 'string' && /^(\/(?![/\\])|https?:\/\/)/.test(url) ? url : undefined)

async function loadWelcome(): Promise<Welcome> {
  const answer = await fetch('/welcome.json', { headers: { Accept: 'application/json' } })
  if (!answer.ok || !answer.headers.get('Content-Type')?.includes('json')) return {}
  const w = (await answer.json()) as Record<string, unknown>
  return { brand: typeof w['brand'] === 'string' ? w['brand'] : undefined, chat_url: local(w['chat_url']), docs: local(w['docs']) }
}

/** Landing is the start page: what this is, and its two doors. */
export function Landing() {
  const { data, isPending } = useQuery({ queryKey: ['welcome'], queryFn: loadWelcome, retry: false, staleTime: Infinity })
  const title = t.title(data?.brand)
  useEffect(() => {
    document.title = data?.brand ? `${data.brand} · ${s.product}` : s.product
  }, [data?.brand])
  return (
    <div className={classes.page}>
      <header className={classes.bar}><Logo /></header>
      <main className={classes.main}>
        <h1 className={classes.title} data-pending={isPending || undefined}>{title}</h1>
        <p className={classes.lead}>{t.lead}</p>
        <div className={classes.doors}>
          {data?.chat_url && (
            <a href={data.chat_url} className={`${classes.door} ${classes.primary}`}>
              <IconMessageCircle size={30} stroke={1.6} aria-hidden />
              <span className={classes.doorTitle}>{t.chat(data.brand)}<IconArrowRight size={22} aria-hidden /></span>
              <p className={classes.doorText}>{t.chatText}</p>
            </a>
          )}
          <Link to="/inbox" className={classes.door}>
            <IconInbox size={30} stroke={1.6} aria-hidden />
            <span className={classes.doorTitle}>{t.inbox}<IconArrowRight size={22} aria-hidden /></span>
            <p className={classes.doorText}>{t.inboxText}</p>
          </Link>
        </div>
      </main>
      <footer className={classes.foot}>
        <span>{t.footer}</span>
        {data?.docs && <Anchor href={data.docs} c="inherit" td="underline" inherit>{t.docs}</Anchor>}
      </footer>
    </div>
  )
}
