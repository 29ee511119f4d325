import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './fonts.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queries } from './api'
import { newBuild } from './live/sync'
import { router } from './router'
import { theme, variables } from './theme'

// A page of an older build asks for a chunk that is gone: offer the new one.
window.addEventListener('vite:preloadError', (e) => {
  e.preventDefault()
  newBuild.set(true)
})

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
        <QueryClientProvider client={queries}>
          <Notifications position="bottom-center" limit={3} autoClose={4_000} />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
}
