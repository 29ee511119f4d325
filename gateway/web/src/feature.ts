import type { Icon } from '@tabler/icons-react'
import { type AnyRoute, createRootRouteWithContext, createRoute, redirect } from '@tanstack/react-router'
import { type Event, Failure, type Session, sessionQuery } from './api'
import type { Desk } from './desk/desk'
import type { Caches } from './live/caches'

/** root is the parent of each page that stands alone. */
export const root = createRootRouteWithContext<{ desk: Desk }>()()

/** workspace is the parent of each page within the frame, which only who is signed in may see. */
export const workspace = createRoute({
  getParentRoute: () => root,
  id: 'workspace',
  beforeLoad: async ({ location, context: { desk } }) => {
    try {
      const { user } = await desk.live.queries.ensureQueryData(sessionQuery)
      // A page that has shown somebody else's starts again.
      if (!desk.enter(user.id)) window.location.reload()
    } catch (err) {
      if (err instanceof Failure && err.code === 'unauthenticated') throw redirect({ to: '/sign-in', search: { next: location.href }, replace: true })
      throw err
    }
  },
})

/** Place is a feature's entry in the rail. */
export type Place = {
  label: string
  icon: Icon
  /** A path; everything that begins with its first part is there. */
  to: string
  /** Who may go there; absent for everybody. */
  may?: (user: Session['user']) => boolean
  /** A hook: how much waits there for my eyes. */
  useWaiting?: () => number
}

/**
 * Feature is a screen: all that the frame must know of it. Its folder in features/ holds the rest (its requests, its words,
 * its components) and is imported by the list of features alone; what two features share lies below them.
 */
export type Feature<Pages extends readonly AnyRoute[] = readonly AnyRoute[], Places extends readonly AnyRoute[] = readonly AnyRoute[]> = {
  /** Routes below root. */
  pages: Pages
  /** Routes below workspace. */
  places: Places
  rail?: Place
  /** Rows of the list of shortcuts. Components act on them with useKeys. */
  keys?: readonly (readonly [combo: string, what: string])[]
  /** live is told of each event once it is applied to what all share, to do the same with what is the feature's own. */
  live?: (ev: Event, caches: Caches) => void
}

/** feature is a Feature whose routes keep their types. */
export const feature = <const Pages extends readonly AnyRoute[] = [], const Places extends readonly AnyRoute[] = []>(
  { pages = [] as never, places = [] as never, ...rest }: Partial<Feature<Pages, Places>>,
): Feature<Pages, Places> => ({ pages, places, ...rest })
