import { IconSchool } from '@tabler/icons-react'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { feature, workspace } from '../../feature'
import type { UtteranceState } from './api'
import { t } from './strings'

const tabs = ['texts', 'answers'] as const
const states: UtteranceState[] = ['open', 'accepted', 'dismissed']

const page = createRoute({
  getParentRoute: () => workspace,
  path: '/learning',
  validateSearch: (search): { tab?: (typeof tabs)[number]; state?: UtteranceState } => {
    const tab = tabs.find((o) => o === search['tab'])
    const state = states.find((f) => f === search['state'])
    return { ...(tab && tab !== 'texts' ? { tab } : {}), ...(state && state !== 'open' ? { state } : {}) }
  },
  component: lazyRouteComponent(() => import('./Learning'), 'Learning'),
})

/** learning is where supervisors see what bots did not understand, and admins teach. */
export const learning = feature({
  places: [page],
  rail: { label: t.title, icon: IconSchool, to: '/learning', may: (user) => user.role !== 'agent' },
  live: (ev, caches) => {
    if (ev.kind === 'published') caches.refresh('faq', 'utterances')
    if (ev.kind === 'faq_feedback') caches.refresh('faq')
  },
})
