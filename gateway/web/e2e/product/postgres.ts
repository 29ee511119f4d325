import { execFileSync, spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, closeSync, existsSync, mkdtempSync, openSync, readdirSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

const script = resolve(import.meta.dirname, '../../../../storage/postgres/postgrestest/serve.sh')

/** Postgres is a server of PostgreSQL of the machine's own, in a folder that is removed. It ends with this process, however that ends. */
export class Postgres {
  private shell?: ChildProcessByStdio<Writable, Readable, null>

  /** start gives the URL of an empty database. */
  async start(): Promise<string> {
    const bin = binaries()
    const folder = mkdtempSync(join(tmpdir(), 'parley-postgres-'))
    const settings = ['listen_addresses=', 'fsync=off', 'shared_buffers=64MB'].flatMap((s) => ['-c', s])
    const command = ['sh', script, bin, folder, ...settings]
    if (process.getuid?.() === 0) {
      const id = (of: string) => Number(execFileSync('id', [of, 'postgres']).toString())
      chownSync(folder, id('-u'), id('-g'))
      command.unshift('runuser', '-u', 'postgres', '--')
    }
    const [program = '', ...args] = command
    const log = openSync(join(folder, 'log'), 'a')
    const shell = spawn(program, args, { cwd: '/', stdio: ['pipe', 'pipe', log] }) as ChildProcessByStdio<Writable, Readable, null>
    closeSync(log)
    this.shell = shell
    shell.stdin.write('make\n')
    for await (const answer of createInterface({ input: shell.stdout })) {
      if (answer !== 'ok') throw new Error('PostgreSQL did not start')
      break
    }
    execFileSync(join(bin, 'createdb'), ['--host', folder, '--username', 'parley', 'parley'])
    return `postgres:///parley?host=${encodeURIComponent(folder)}&user=parley`
  }

  async stop(): Promise<void> {
    const { shell } = this
    if (!shell || shell.exitCode !== null) return
    const ended = once(shell, 'exit')
    shell.stdin.end()
    await ended
  }
}

/** binaries is the folder of PostgreSQL's programs; of several the newest. */
function binaries(): string {
  const all = '/usr/lib/postgresql'
  const found = (process.env.PATH ?? '').split(delimiter).map((d) => join(d, 'initdb')).find((f) => existsSync(f))
  if (found) return dirname(realpathSync(found))
  const [newest] = existsSync(all) ? readdirSync(all).sort((a, b) => Number(b) - Number(a)) : []
  if (!newest) throw new Error('There is no PostgreSQL: .ci/install installs it.')
  return join(all, newest, 'bin')
}
