import { gzipSync } from 'node:zlib'
import { defineConfig, type Plugin } from 'vite'

const budget = 16 * 1024

// A widget is loaded by every page of a shop, so its size is a promise: a build over the budget fails.
const checkSize: Plugin = {
  name: 'widget-budget',
  generateBundle(_options, bundle) {
    const names = Object.keys(bundle)
    const chunk = bundle['widget.js']
    if (names.length !== 1 || chunk?.type !== 'chunk') this.error(`the widget must be the one file widget.js, got ${names.join(', ')}`)
    const size = gzipSync(chunk.code, { level: 9 }).length
    if (size > budget) this.error(`widget.js is ${size} bytes gzipped, the budget is ${budget}`)
    this.info(`widget.js is ${size} bytes gzipped of ${budget}`)
  },
}

export default defineConfig({
  plugins: [checkSize],
  publicDir: false,
  css: { postcss: {} }, // the workspace's preset would rewrite light-dark() for its own themes
  build: {
    target: 'es2022',
    // light-dark() and color-mix() are to stay as written, not to be rewritten for older browsers.
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    emptyOutDir: false,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: 'widget/element.tsx',
      output: { entryFileNames: 'widget.js' },
    },
  },
})
