import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { Failure, queries, sessionQuery, type StateFilter, type UtteranceState, type View } from '../api'
import { Landing } from '../features/landing/Landing'
import { NotFound, PageFailed, PagePending } from './NotFound'
import { SignIn } from '../features/sign-in/SignIn'
import { afterSignIn } from '../features/sign-in/next'

const root = createRootRoute({ notFoundComponent: NotFound, errorComponent: PageFailed })

const landing = createRoute({ getParentRoute: () => root, path: '/', component: Landing })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: SignIn,
  // What is not taken here is still in the page's search: the page asks afterSignIn itself.
  validateSearch: (search): { next?: string } => (search['next'] === undefined ? {} : { next: afterSignIn(search['next']) }),
})

// The frame of every signed-in page; each later area is one more child.
const workspace = createRoute({
  getParentRoute: () => root,
  id: 'workspace',
  beforeLoad: async ({ location }) => {
    try {
      const [{ user }, { personal }] = await Promise.all([queries.ensureQueryData(sessionQuery), import('../desk/personal')])
      // A page that has shown somebody else's starts again.
      if (!personal.enter(user.id)) window.location.reload()
    } catch (err) {
      if (err instanceof Failure && err.code === 'unauthenticated') throw redirect({ to: '/sign-in', search: { next: location.href }, replace: true })
      throw err
    }
  },
  pendingComponent: PagePending,
  errorComponent: PageFailed,
  component: lazyRouteComponent(() => import('./Workspace'), 'Workspace'),
})

const views: View[] = ['mine', 'queue', 'all']
const states: StateFilter[] = ['open', 'closed', 'any']

const inboxHome = createRoute({
  getParentRoute: () => workspace,
  path: '/inbox',
  beforeLoad: () => {
    throw redirect({ to: '/inbox/$view/{-$conversation}', params: { view: 'mine', conversation: undefined } })
  },
})

const inbox = createRoute({
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
  component: lazyRouteComponent(() => import('../features/inbox/Inbox'), 'Inbox'),
})

const tabs = ['texts', 'answers'] as const
const textStates: UtteranceState[] = ['open', 'accepted', 'dismissed']

const learning = createRoute({
  getParentRoute: () => workspace,
  path: '/learning',
  validateSearch: (search): { tab?: (typeof tabs)[number]; state?: UtteranceState } => {
    const tab = tabs.find((t) => t === search['tab'])
    const state = textStates.find((f) => f === search['state'])
    return { ...(tab && tab !== 'texts' ? { tab } : {}), ...(state && state !== 'open' ? { state } : {}) }
  },
  component: lazyRouteComponent(() => import('../features/learning/Learning'), 'Learning'),
})

export const router = createRouter({
  routeTree: root.addChildren([landing, signIn, workspace.addChildren([inboxHome, inbox, learning])]),
  defaultPreload: 'intent',
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
