import { createRoute } from '@tanstack/react-router'
import { feature, root } from '../../feature'
import { Landing } from './Landing'

/** landing is the start page. */
export const landing = feature({ pages: [createRoute({ getParentRoute: () => root, path: '/', component: Landing })] })
