import { defineConfig } from '@playwright/test'

// The whole product: the built program with its example brand, a consumer and an agent in two browsers.
export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/product',
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  // A busy machine of the CI gets a second try; what needed it is listed as flaky, and is a fault to look for.
  retries: process.env.CI ? 1 : 0,
  reporter: [['list']],
  globalSetup: './build.ts',
  use: {
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
})
