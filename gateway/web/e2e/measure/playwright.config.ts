import { defineConfig } from '@playwright/test'
import product from '../product/playwright.config'

// A measurement, not a test of CI: it takes minutes, and both cores of a small machine.
export default defineConfig({ ...product, testDir: '.', outputDir: '../../test-results/measure', timeout: 20 * 60_000, globalSetup: '../product/build.ts' })
