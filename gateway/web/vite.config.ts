import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const gateway = process.env.PARLEY_URL ?? 'http://127.0.0.1:8080'

// The policy that the Go server sends, so that a violation shows in the screen tests.
const policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data: https:; connect-src 'self' ws: wss:; frame-ancestors 'none'"

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    sourcemap: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      // What we install changes rarely, what we write changes daily: apart, a change of ours rewrites little.
      output: { codeSplitting: { groups: [{ name: 'vendor', test: /node_modules/, priority: 1 }] } },
    },
  },
  server: {
    port: 5173,
    proxy: {
      '/api': { target: gateway, ws: true },
      '/welcome.json': gateway,
      '/chat': gateway,
      '/widget.js': gateway,
    },
  },
  preview: { headers: { 'Content-Security-Policy': policy } },
  test: { include: ['house/*.test.ts', 'src/**/*.test.ts', 'widget/**/*.test.{ts,tsx}', 'text/**/*.test.ts'] },
})
