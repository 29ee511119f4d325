import { defineConfig } from '@playwright/test'

// The widget's own screen tests run against a gateway in memory (widget/fake), so they need no Go.
export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/widget',
  fullyParallel: true,
  workers: 2,
  reporter: 'line',
  timeout: 30_000,
  use: {
    locale: 'en-GB',
    viewport: { width: 1280, height: 720 },
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
})
