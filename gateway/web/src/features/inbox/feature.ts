import { IconInbox } from '@tabler/icons-react'
import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import type { StateFilter, View } from '../../api'
import { useWaitingForMe } from '../../desk/attention'
import { feature, workspace } from '../../feature'
import { t } from './strings'

const views: View[] = ['mine', 'queue', 'all']
const states: StateFilter[] = ['open', 'closed', 'any']

const home = createRoute({
  getParentRoute: () => workspace,
  path: '/inbox',
  beforeLoad: () => {
    throw redirect({ to: '/inbox/$view/{-$conversation}', params: { view: 'mine', conversation: undefined } })
  },
})

const page = createRoute({
  getParentRoute: () => workspace,
  path: '/inbox/$view/{-$conversation}',
  params: {
    parse: (p) => {
      const view = views.find((v) => v === p.view)
      if (!view) throw redirect({ to: '/inbox' })
      return { ...p, view }
    },
  },
  validateSearch: (search): { state?: StateFilter; q?: string } => {
    const state = states.find((f) => f === search['state'])
    const q = search['q']
    return { ...(state && state !== 'open' ? { state } : {}), ...(typeof q === 'string' && q ? { q: q.slice(0, 100) } : {}) }
  },
  component: lazyRouteComponent(() => import('./Inbox'), 'Inbox'),
})

/** inbox is where agents answer. */
export const inbox = feature({
  places: [home, page],
  rail: { label: t.title, icon: IconInbox, to: '/inbox/mine', useWaiting: useWaitingForMe },
  keys: t.keys,
})
