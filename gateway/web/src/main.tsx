import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './theme/fonts.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queries } from './api'
import { newBuild } from './live/sync'
import { router } from './shell/router'
import { composing } from '../text/typing'
import { theme, variables } from './theme/theme'
import classes from './shell/Workspace.module.css'

// A page of an older build asks for a chunk that is gone: offer the new one.
window.addEventListener('vite:preloadError', (e) => {
  e.preventDefault()
  newBuild.set(true)
})

// Enter and Escape that an input method needs do nothing else: no composer sends and no dialog closes by them. Registered before
// everything else, for Safari's order of events is not known to all components.
window.addEventListener('keydown', (e) => {
  if (composing(e)) e.stopImmediatePropagation()
}, { capture: true })

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
        <QueryClientProvider client={queries}>
          {/* Below the header and far from the composer: what is told must not cover what is written. */}
          <Notifications position="top-center" className={classes.told} limit={3} autoClose={4_000} />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
}
