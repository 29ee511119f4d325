import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Gateway is one running parley with an empty data folder. */
export class Gateway {
  base = ''
  /** Passwords of the example's agents, by e-mail, as the banner prints them. */
  passwords = new Map<string, string>()
  readonly data = mkdtempSync(join(tmpdir(), 'parley-e2e-'))
  private child?: ChildProcess
  private said = ''

  constructor(private readonly flags: string[] = []) {}

  get pid() {
    return this.child?.pid
  }

  async start(): Promise<void> {
    const bin = process.env.PARLEY_BIN
    if (!bin) throw new Error('PARLEY_BIN is not set: build.ts did not run')
    const addr = this.base ? this.base.replace('http://', '') : '127.0.0.1:0'
    const child = spawn(bin, ['--data', this.data, '--addr', addr, ...this.flags], { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH ?? '', HOME: tmpdir() } })
    this.child = child
    this.said = ''
    await new Promise<void>((ready, failed) => {
      const hear = (chunk: Buffer) => {
        this.said += chunk.toString()
        const addr = /listening addr=(\S+)/.exec(this.said)
        if (addr) {
          this.base = `http://${addr[1]}`
          ready()
        }
      }
      child.stdout?.on('data', hear)
      child.stderr?.on('data', hear)
      child.once('exit', (code) => failed(new Error(`parley ended with ${code}:\n${this.said}`)))
    })
    for (const [, email = '', password = ''] of this.said.matchAll(/(\S+@acme\.example)\s+([a-z2-9]{4}(?:-[a-z2-9]{4}){3})/g)) this.passwords.set(email, password)
  }

  /** kill ends the process as a crash would. */
  async kill(): Promise<void> {
    await this.end('SIGKILL')
  }

  /** quit has the process finish what it has begun; start starts it again. */
  async quit(): Promise<void> {
    await this.end('SIGTERM')
  }

  async stop(): Promise<void> {
    await this.quit()
    rmSync(this.data, { recursive: true, force: true })
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child
    this.child = undefined
    if (!child || child.exitCode !== null) return
    child.removeAllListeners('exit')
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
}
