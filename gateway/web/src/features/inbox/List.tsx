import { Badge, Button, CloseButton, Group, Kbd, SegmentedControl, Skeleton, Text, TextInput, VisuallyHidden } from '@mantine/core'
import { useDebouncedCallback, useDebouncedValue } from '@mantine/hooks'
import { IconArrowUp, IconInbox, IconSearch, IconStack2 } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { listQuery, type Session, type StateFilter, type View } from '../../api'
import { useStore } from '../../live/store'
import { belongs, rowsOf } from '../../live/lists'
import { countUnread } from '../../live/unread'
import { s } from '../../strings'
import { useKeys } from '../../ui/keys'
import { ErrorAlert, failureOf, Nothing } from '../../ui/parts'
import { loadText } from '../../ui/presence'
import { usePresence } from '../../desk/presence'
import { useDesk } from '../../desk/desk'
import { HeldBack } from './HeldBack'
import classes from './Inbox.module.css'
import { Offers } from './Offers'
import { inOrder } from './order'
import { Row } from './Row'
import { useCalmList } from './useCalmList'
import { t } from './strings'

type Props = { session: Session; view: View; state: StateFilter; q: string; current?: string }

/** List is the left pane: views, search, offers, and the calm list of conversations. */
export function List({ session, view, state, q, current }: Props) {
  const navigate = useNavigate()
  const { live, drafts: draftsStore } = useDesk()
  const { caches, counts: countsStore } = live
  const me = session.user.id
  const query = useInfiniteQuery(listQuery(view, state, q))
  const pushed = useStore(countsStore)
  const paged = query.data?.pages[0]?.counts
  useEffect(() => {
    if (paged) countsStore.set(paged)
  }, [paged, countsStore])
  const counts = pushed ?? paged
  const failing = failureOf(query)
  const area = useRef<HTMLDivElement>(null)
  useEffect(() => {
    caches.shown = view
    return () => {
      caches.shown = undefined
    }
  }, [view, caches])
  const drafts = useStore(draftsStore)
  const marks = useStore(live.unread)
  const fresh = useMemo(
    () => query.data && inOrder(view, rowsOf(query.data).filter((c) => belongs(c, view, state, me))),
    [query.data, view, state, me],
  )
  const { shown, pending, apply } = useCalmList(`${view} ${state} ${q}`, fresh, area)
  const [search, setSearch] = useSearchText(q, (text) => text !== q && go(view, text, state))
  const searchBox = useRef<HTMLInputElement>(null)

  const linkSearch = useMemo(() => ({ ...(state !== 'open' ? { state } : {}), ...(q ? { q } : {}) }), [state, q])
  function go(to: View, text: string, filter: StateFilter) {
    void navigate({
      to: '/inbox/$view/{-$conversation}', params: { view: to, conversation: current },
      replace: text !== q,
      search: { ...(text ? { q: text } : {}), ...(to === 'all' && filter !== 'open' ? { state: filter } : {}) },
    })
  }
  const step = (by: 1 | -1) => {
    const rows = shown ?? []
    const at = rows.findIndex((r) => r.item.id === current)
    const next = rows[at < 0 ? 0 : at + by]
    if (!next) return
    void navigate({ to: '/inbox/$view/{-$conversation}', params: { view, conversation: next.item.id }, search: linkSearch })
    area.current?.querySelector(`[data-row="${CSS.escape(next.item.id)}"]`)?.scrollIntoView({ block: 'nearest' })
  }
  useKeys({ j: () => step(1), k: () => step(-1), '/': () => searchBox.current?.focus() })

  return (
    <section className={classes.listPane} aria-label={t.list.label}>
      <div className={classes.listHead}>
        <Group justify="space-between" wrap="nowrap">
          <Text variant="strong" size="xl" aria-hidden>{t.title}</Text>
          <Badge variant="light" size="lg" title={s.shell.loadLong(String(session.user.load), String(session.user.slots))}>{loadText(session.user.load, session.user.slots)}</Badge>
        </Group>
        <TextInput
          ref={searchBox} value={search} onChange={(e) => setSearch(e.currentTarget.value)} placeholder={t.list.search} aria-label={t.list.search} maxLength={100}
          leftSection={<IconSearch size={16} stroke={1.7} aria-hidden />}
          rightSection={search ? <CloseButton size="sm" aria-label={t.list.clear} onClick={() => setSearch('')} /> : <Kbd size="xs" aria-hidden className={classes.wide}>/</Kbd>}
          onKeyDown={(e) => {
            if (e.key === 'Escape') e.currentTarget.blur()
          }}
        />
        <SegmentedControl
          fullWidth size="xs" aria-label={t.list.view} value={view} onChange={(v) => go(v as View, q, state)}
          data={(['mine', 'queue', 'all'] as const).map((v) => ({ value: v, label: counts ? `${t.views[v]} ${counts[v]}` : t.views[v] }))}
        />
        {view === 'all' && (
          <SegmentedControl
            size="xs" fullWidth aria-label={t.list.state} value={state} onChange={(v) => go('all', q, v as StateFilter)}
            data={(['open', 'closed', 'any'] as const).map((v) => ({ value: v, label: t.states[v] }))}
          />
        )}
      </div>
      <HeldBack current={current} />
      <Offers />
      <div className={classes.scroll} ref={area}>
        {pending > 0 && (
          <div className={classes.updates}>
            <Button size="compact-xs" radius="xl" rightSection={<IconArrowUp size={12} aria-hidden />} onClick={() => {
              apply()
              area.current?.scrollTo({ top: 0 })
            }}>{t.list.updates(pending)}</Button>
          </div>
        )}
        {query.isPending && failing === undefined && <RowSkeletons />}
        {failing !== undefined && <ErrorAlert title={s.errors.list} error={failing} retry={() => void query.refetch()} />}
        {shown?.length === 0 && failing === undefined && <Empty view={view} q={q} waiting={counts?.queue ?? 0} session={session} go={(v) => go(v, '', 'open')} />}
        <ul className={classes.rows}>
          {shown?.map(({ item, gone }) => (
            <Row
              key={item.id} conversation={item} view={view} search={linkSearch} current={item.id === current} gone={gone} me={me}
              unread={item.id === current || (item.owner !== 'queue' && item.agent?.id !== me) ? 0 : countUnread(marks, item)} draft={item.id === current ? undefined : drafts[item.id]?.reply}
            />
          ))}
        </ul>
        {query.hasNextPage && (
          <Button fullWidth variant="subtle" size="xs" mt="xs" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t.list.more}</Button>
        )}
      </div>
      <Announce text={counts ? t.list.counts(counts.mine, counts.queue, counts.all) : ''} />
    </section>
  )
}

const searchDelayMs = 250

/** useSearchText is the box's text; the address follows it a moment later. */
function useSearchText(q: string, onChange: (text: string) => void): [string, (text: string) => void] {
  const [text, setText] = useState(q)
  const [sent, setSent] = useState(q)
  const tell = useDebouncedCallback((typed: string) => onChange(typed.trim()), searchDelayMs)
  if (q !== sent) {
    setSent(q)
    if (q !== text.trim()) setText(q)
  }
  return [text, (typed) => {
    setText(typed)
    tell(typed)
  }]
}

const announceMs = 10_000

/** Announce tells screen readers the counts, once they have stood for ten seconds. */
function Announce({ text }: { text: string }) {
  const [said] = useDebouncedValue(text, announceMs)
  return <VisuallyHidden role="status">{said}</VisuallyHidden>
}

function RowSkeletons() {
  return (
    <div aria-hidden>
      {[72, 54, 63, 80, 48, 66].map((w) => (
        <div key={w} className={classes.row}>
          <Skeleton circle height={36} width={36} />
          <div><Skeleton height={12} width={`${w - 20}%`} mt="snug" /><Skeleton height={10} width={`${w + 15}%`} mt="sm" /></div>
        </div>
      ))}
    </div>
  )
}

function Empty({ view, q, waiting, session, go }: { view: View; q: string; waiting: number; session: Session; go: (v: View) => void }) {
  const presence = usePresence()
  if (q) return <Nothing icon={<IconSearch stroke={1.5} />} title={t.list.noMatch} text={t.list.noMatchText(q)}><Button size="xs" variant="default" onClick={() => go(view)}>{t.list.clear}</Button></Nothing>
  if (view === 'all') return <Nothing icon={<IconInbox stroke={1.5} />} title={t.list.emptyAll} text={t.list.emptyAllText} />
  if (view === 'queue') return <Nothing icon={<IconStack2 stroke={1.5} />} title={t.list.emptyQueue} text={t.list.emptyQueueText}><Button size="xs" variant="default" onClick={() => go('mine')}>{t.list.seeMine}</Button></Nothing>
  if (session.user.presence !== 'online')
    return <Nothing icon={<IconInbox stroke={1.5} />} title={t.list.emptyMine} text={t.list.emptyOffline}><Button size="xs" onClick={() => presence.mutate('online')}>{s.shell.goOnline}</Button></Nothing>
  return (
    <Nothing icon={<IconInbox stroke={1.5} />} title={t.list.emptyMine} text={t.list.emptyMineText(waiting)}>
      {waiting > 0 && <Button size="xs" onClick={() => go('queue')}>{t.list.seeQueue}</Button>}
    </Nothing>
  )
}
