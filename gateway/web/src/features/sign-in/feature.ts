import { createRoute } from '@tanstack/react-router'
import { feature, root } from '../../feature'
import { afterSignIn } from './next'
import { SignIn } from './SignIn'

const page = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: SignIn,
  // What is not taken here is still in the page's search: the page asks afterSignIn itself.
  validateSearch: (search): { next?: string } => (search['next'] === undefined ? {} : { next: afterSignIn(search['next']) }),
})

/** signIn is the door to the workspace. */
export const signIn = feature({ pages: [page] })
