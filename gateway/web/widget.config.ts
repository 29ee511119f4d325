import { gzipSync } from 'node:zlib'
import { defineConfig, type Plugin } from 'vite'

const budget = 20 * 1024

// A widget is loaded by every page of a shop, so its size is a promise: a build over the budget fails. A third of it is Preact; the
// rest is what a page that nobody knows asks for, and .ci/run checks it again.

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

// Sources name Preact's JSX runtime for the type checker; plain calls of h() make a smaller file.
const plainJsx: Plugin = {
  name: 'widget-jsx',
  enforce: 'pre',
  transform: (code, id) => (id.endsWith('.tsx') ? code.replace('/** @jsxImportSource preact */', "import { Fragment, h } from 'preact'") : undefined),
}

export default defineConfig({
  plugins: [plainJsx, checkSize],
  publicDir: false,
  oxc: { jsx: { runtime: 'classic', pragma: 'h', pragmaFrag: 'Fragment' } },
  css: { postcss: {} }, // the workspace's preset would rewrite light-dark() for its own themes
  build: {
    target: 'es2023',
    // light-dark() and color-mix() are to stay as written, not to be rewritten for older browsers.
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    emptyOutDir: false,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: 'widget/element.tsx',
      output: {
        entryFileNames: 'widget.js',
        // No property gets another name: a name that is also a key of data (an icon, a frame, what is stored) would come apart from it.
        minify: { compress: true, mangle: true, codegen: true },
      },
    },
  },
})
