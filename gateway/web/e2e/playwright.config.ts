import { defineConfig } from '@playwright/test'

const port = 4179

// Debian's Chromium: nothing is downloaded. Set CHROMIUM to use another.
const launchOptions = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
}

export default defineConfig({
  testDir: '.',
  outputDir: './results',
  fullyParallel: true,
  workers: 2,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  // A busy machine of the CI gets a second try; what needed it is listed as flaky, and is a fault to look for.
  retries: process.env.CI ? 1 : 0,
  reporter: [['list']],
  use: { launchOptions, baseURL: `http://127.0.0.1:${port}`, locale: 'en-GB', timezoneId: 'Europe/Berlin' },
  projects: [
    // Every screen of the built site against an API that the test plays itself.
    { name: 'screens', testMatch: /screens\/.*\.spec\.ts/ },
  ],
  webServer: {
    command: `npx vite preview --host 127.0.0.1 --port ${port} --strictPort`,
    cwd: '..',
    url: `http://127.0.0.1:${port}/`,
    reuseExistingServer: false,
  },
})
