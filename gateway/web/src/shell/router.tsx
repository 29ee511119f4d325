import { createRouter, lazyRouteComponent } from '@tanstack/react-router'
import type { Desk } from '../desk/desk'
import { root, workspace } from '../feature'
import { features } from '../features/list'
import { NotFound, PageFailed, PagePending } from './NotFound'

type Some = (typeof features)[number]

/** newRouter leads to every feature's pages. */
export const newRouter = (desk: Desk) => createRouter({
  routeTree: root.update({ notFoundComponent: NotFound, errorComponent: PageFailed }).addChildren([
    ...features.flatMap<Some['pages'][number]>((f) => f.pages),
    workspace.update({ pendingComponent: PagePending, errorComponent: PageFailed, component: lazyRouteComponent(() => import('./Workspace'), 'Workspace') })
      .addChildren(features.flatMap<Some['places'][number]>((f) => f.places)),
  ]),
  context: { desk },
  defaultPreload: 'intent',
})

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof newRouter>
  }
}
