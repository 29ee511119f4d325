import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './theme/base.css'
import './theme/tokens.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { composing } from '../text/typing'
import { ask, newQueries } from './api'
import { Desk, DeskContext } from './desk/desk'
import { features } from './features/list'
import { Live, LiveContext } from './live/live'
import { newRouter } from './shell/router'
import classes from './shell/Workspace.module.css'
import { theme, variables } from './theme/theme'

// All that changes while the page is open is made here, once, and handed down.
const queries = newQueries()
const live = new Live(queries)
const desk = new Desk(live)
const router = newRouter(desk)
ask({ get user() { return desk.user }, date: (header) => live.clock.note(header), ended: live.ended })
for (const { live: hear } of features) if (hear) live.watch((ev) => hear(ev, live.caches))

// A page of an older build asks for a chunk that is gone: offer the new one.
window.addEventListener('vite:preloadError', (e) => {
  e.preventDefault()
  live.newBuild.set(true)
})

// Enter and Escape that an input method needs do nothing else: no composer sends and no dialog closes by them. Registered before
// everything else, for Safari's order of events is not known to all components.
window.addEventListener('keydown', (e) => {
  if (composing(e)) e.stopImmediatePropagation()
}, { capture: true })

const place = document.getElementById('root')
if (place) {
  createRoot(place).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
        <QueryClientProvider client={queries}>
          <LiveContext value={live}>
            <DeskContext value={desk}>
              {/* Below the header and far from the composer: what is told must not cover what is written. */}
              <Notifications position="top-center" className={classes.told} limit={3} autoClose={4_000} />
              <RouterProvider router={router} />
            </DeskContext>
          </LiveContext>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
}
