import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** Builds the program once for all specs. */
export default function build() {
  const bin = join(mkdtempSync(join(tmpdir(), 'parley-bin-')), 'parley')
  execFileSync('go', ['build', '-buildvcs=false', '-o', bin, '.'], { cwd: resolve(import.meta.dirname, '../../../..'), stdio: 'inherit' })
  process.env.PARLEY_BIN = bin
}
