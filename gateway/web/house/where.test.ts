import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../../..')

/** blocks are the page's examples of the web: whole files, and lines to change in one. */
function blocks() {
  const page = readFileSync(resolve(root, 'docs/where.md'), 'utf8')
  return [...page.matchAll(/^```(ts|tsx|diff) (gateway\/web\/\S+)\n([^]*?)^```$/gm)].map(([, kind = '', path = '', text = '']) => ({ kind, path: resolve(root, path), text }))
}

function patched(path: string, text: string, diff: string) {
  const lines = diff.split('\n').filter((line) => line !== '')
  const side = (sign: string) => lines.filter((line) => line[0] === ' ' || line[0] === sign).map((line) => line.slice(1) + '\n').join('')
  expect(text.split(side('-')).length, `these lines stand once in ${path}:\n${side('-')}`).toBe(2)
  return text.replace(side('-'), () => side('+'))
}

test('docs/where.md, followed to the letter, compiles', { timeout: 120_000 }, () => {
  const files = new Map<string, string>()
  for (const b of blocks()) {
    files.set(b.path, b.kind === 'diff' ? patched(b.path, files.get(b.path) ?? readFileSync(b.path, 'utf8'), b.text) : b.text)
  }
  expect(files.size).toBeGreaterThan(4)
  const config = resolve(root, 'gateway/web/tsconfig.json')
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(config, ts.sys.readFile).config, ts.sys, dirname(config))
  const host = ts.createCompilerHost({ ...options, noEmit: true })
  const { readFile, fileExists } = host
  host.readFile = (path) => files.get(path) ?? readFile(path)
  host.fileExists = (path) => files.has(path) || fileExists(path)
  host.directoryExists = (path) => [...files.keys()].some((file) => dirname(file) === path) || ts.sys.directoryExists(path)
  const program = ts.createProgram([resolve(root, 'gateway/web/src/main.tsx'), ...files.keys()], { ...options, noEmit: true }, host)
  const wrong = ts.getPreEmitDiagnostics(program).filter((d) => d.file === undefined || files.has(d.file.fileName))
  expect(wrong.map((d) => `${d.file?.fileName}: ${ts.flattenDiagnosticMessageText(d.messageText, '\n')}`)).toEqual([])
})
