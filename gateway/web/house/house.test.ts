import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

// The rules of the house for the web: who may import whom, what may change, how things look. gateway/house_test.go holds Go's.

const web = join(import.meta.dirname, '..')
const isTest = (path: string) => /\.test\.tsx?$|\/(e2e|fake)\//.test(path)
const isCode = (path: string) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts') && !isTest(path)
const all = ['src', 'widget', 'text'].flatMap((d) => readdirSync(join(web, d), { recursive: true, encoding: 'utf8' }).map((f) => `${d}/${f}`))
const read = (path: string) => readFileSync(join(web, path), 'utf8')
const code = all.filter(isCode).map((path) => ({ path, tree: ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true, path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS) }))
const paths = new Set(all.filter((p) => isCode(p) || p.endsWith('.css')))

function* nodes(of: ts.Node): Generator<ts.Node> {
  yield of
  const below: ts.Node[] = []
  of.forEachChild((n) => void below.push(n))
  for (const n of below) yield* nodes(n)
}

/** importsOf is what a file of ours needs of others: types, too, but a page that is loaded later is no need. */
const importsOf = ({ path, tree }: (typeof code)[number]) => tree.statements.flatMap((s) => {
  if (!(ts.isImportDeclaration(s) || ts.isExportDeclaration(s)) || !s.moduleSpecifier || !ts.isStringLiteral(s.moduleSpecifier) || !s.moduleSpecifier.text.startsWith('.')) return []
  const to = relative(web, join(web, dirname(path), s.moduleSpecifier.text))
  return [to, `${to}.ts`, `${to}.tsx`].filter((p) => paths.has(p))
})
const imports = new Map(code.map((f) => [f.path, importsOf(f)]))

/** The rooms of the workspace: each may import from itself and those before it. */
const rooms = ['text/', 'src/strings.ts', 'src/api.ts', 'src/live/', 'src/ui/', 'src/desk/', 'src/feature.ts', 'src/features/', 'src/shell/', 'src/main.tsx']
const roomOf = (path: string) => rooms.findIndex((r) => path.startsWith(r))
const featureOf = (path: string) => /^src\/features\/([^/]+)\//.exec(path)?.[1]

describe('imports', () => {
  it('go no circle', () => {
    const done = new Set<string>()
    const walk = (path: string, way: string[]): void => {
      const at = way.indexOf(path)
      if (at >= 0) expect.fail([...way.slice(at), path].join(' → '))
      if (done.has(path)) return
      imports.get(path)?.forEach((to) => walk(to, [...way, path]))
      done.add(path)
    }
    for (const path of paths) walk(path, [])
    expect(done.size).toBeGreaterThan(100)
  })

  it('come from rooms below', () => {
    const wrong = code.flatMap(({ path }) => {
      if (path.startsWith('src/theme/')) return (imports.get(path) ?? []).filter((to) => !/^src\/(theme\/|strings)/.test(to)).map((to) => `${path} → ${to}`)
      if (path.startsWith('widget/')) return (imports.get(path) ?? []).filter((to) => !/^(widget|text)\//.test(to)).map((to) => `${path} → ${to}`)
      return (imports.get(path) ?? []).filter((to) => (to.startsWith('src/theme/') ? path !== 'src/main.tsx' : roomOf(to) < 0 || roomOf(to) > roomOf(path))).map((to) => `${path} → ${to}`)
    })
    expect(wrong).toEqual([])
    expect(code.filter(({ path }) => roomOf(path) < 0 && !/^(widget|src\/theme)\//.test(path)).map((f) => f.path), 'files in no room').toEqual([])
  })

  it('of a feature are no other feature’s; the list alone has them all', () => {
    const wrong = [...imports].flatMap(([path, to]) => to.filter((t) => featureOf(t) && featureOf(t) !== featureOf(path) && path !== 'src/features/list.ts').map((t) => `${path} → ${t}`))
    expect(wrong).toEqual([])
    const listed = new Set(imports.get('src/features/list.ts')?.map(featureOf))
    expect(listed).toEqual(new Set([...paths].map(featureOf).filter(Boolean)))
  })
})

describe('what changes', () => {
  const changers = new Set(['set', 'add', 'delete', 'clear', 'push', 'pop', 'shift', 'unshift', 'splice', 'sort', 'reverse', 'fill'])

  it('is made in main, not by a module', () => {
    const wrong = code.filter((f) => f.path !== 'src/main.tsx' && f.path !== 'widget/element.tsx').flatMap(({ path, tree }) => {
      const own = new Set<string>()
      const found: string[] = []
      for (const s of tree.statements) {
        if (!ts.isVariableStatement(s)) continue
        if (!(s.declarationList.flags & ts.NodeFlags.Const)) found.push(`${path}: ${s.getText().slice(0, 60)}`)
        for (const d of s.declarationList.declarations) {
          own.add(d.name.getText())
          const made = d.initializer && ts.isNewExpression(d.initializer) ? d.initializer : undefined
          if (made && !/^(Intl\.|RegExp$)/.test(made.expression.getText()) && !(made.expression.getText() === 'Set' && made.arguments?.length)) found.push(`${path}: ${d.getText().slice(0, 60)}`)
        }
      }
      for (const n of nodes(tree)) {
        const target = ts.isBinaryExpression(n) && n.operatorToken.kind >= ts.SyntaxKind.FirstAssignment && n.operatorToken.kind <= ts.SyntaxKind.LastAssignment ? n.left
          : ts.isCallExpression(n) && ts.isPropertyAccessExpression(n.expression) && changers.has(n.expression.name.text) ? n.expression.expression : undefined
        const root = target && /^(\w+)(?:[.[]|$)/.exec(target.getText())?.[1]
        if (root && own.has(root) && !shadowed(n, root)) found.push(`${path}: ${n.getText().slice(0, 60)}`)
      }
      return found
    })
    expect(wrong).toEqual([])
  })
})

/** shadowed is whether a name is something else where it stands. */
function shadowed(at: ts.Node, name: string): boolean {
  for (let n: ts.Node | undefined = at; n && !ts.isSourceFile(n); n = n.parent) {
    if (ts.isFunctionLike(n) && n.parameters.some((p) => p.name.getText() === name)) return true
    if (ts.isBlock(n) && n.statements.some((s) => ts.isVariableStatement(s) && s.declarationList.declarations.some((d) => d.name.getText() === name))) return true
  }
  return false
}

describe('looks', () => {
  it('have their raw colours in one file, the workspace and the widget each', () => {
    const tokens = ['src/theme/tokens.css', 'widget/widget.css', 'widget/color.ts']
    const raw = /#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\b(?!-)|\b(?:rgb|rgba|hsl|hsla|hwb|lab|lch|oklab|oklch)\(/i
    const named = /:[^;{]*\b(?:white|black|red|green|blue|gray|yellow|orange|purple)\b(?!-)[^;{]*;/
    const wrong = all.filter((p) => (p.endsWith('.css') || isCode(p)) && !tokens.includes(p)).flatMap((path) =>
      read(path).split('\n').filter((l) => raw.test(l) || (path.endsWith('.css') && named.test(l.replaceAll(/var\([^)]*\)|white-space/g, '')))).map((l) => `${path}: ${l.trim()}`))
    expect(wrong).toEqual([])
  })

  // One way: CSS modules; the library's components by their own props and the theme's names.
  it('are told in CSS modules, never in the markup', () => {
    const props = /^(?:[mp][tblrxy]?|gap|fz|fw|lts|lh|[wh]|ma[wh]|mi[wh]|flex|bd|bdrs|bg|c|opacity|top|left|bottom|right|inset|pos|display)$/
    const named = /^'?(?:xs|sm|md|lg|xl|hair|thin|snug|close|auto|none|inherit|dimmed|red|undefined)'?$/
    const wrong = code.filter((f) => f.path.startsWith('src/')).flatMap(({ path, tree }) => [...nodes(tree)].filter(ts.isJsxAttribute).filter((a) => {
      const name = a.name.getText()
      if (/^(?:style|styles|sx|vars|__vars)$/.test(name)) return true
      const value = a.initializer?.getText().replace(/^[{"]|[}"]$/g, '') ?? ''
      return props.test(name) && !value.replace(/^.*\?/, '').split(':').every((v) => named.test(v.trim()))
    }).map((a) => `${path}: ${a.getText()}`))
    expect(wrong).toEqual([])
  })
})

it('files are short', () => {
  const long = all.filter((p) => (isCode(p) || p.endsWith('.css')) && read(p).split('\n').length > 601)
  expect(long).toEqual([])
})
