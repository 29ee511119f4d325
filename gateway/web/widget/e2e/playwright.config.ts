import { defineConfig } from '@playwright/test'

// The widget's own screen tests run against a gateway in memory (widget/fake), so they need no Go.
export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/widget',
  fullyParallel: true,
  workers: 2,
  reporter: 'line',
  timeout: 60_000,
  expect: { timeout: 15_000 },
  // A busy machine of the CI gets a second try; what needed it is listed as flaky, and is a fault to look for.
  retries: process.env.CI ? 1 : 0,
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
