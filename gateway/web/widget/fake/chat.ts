import { afterEach, beforeEach, vi } from 'vitest'
import { Keep, type Store } from '../keep'
import { openChat, type Chat, type World } from '../net'
import { Gateway } from './gateway'
import { fetchFrom, socketTo, type Network } from './memory'

// setUp opens a chat with a gateway in memory; the time is the test's.

export const now = Date.UTC(2026, 10, 22, 12)
const made: Chat[] = []

export function storage(): Storage {
  const map = new Map<string, string>()
  return { getItem: (k: string) => map.get(k) ?? null, setItem: (k: string, v: string) => void map.set(k, v), removeItem: (k: string) => void map.delete(k) } as unknown as Storage
}

export function setUp(over: { store?: Storage; stores?: Store[]; gateway?: Gateway; draft?: string; alone?: World['alone']; agree?: World['agree'] } = {}) {
  const gateway = over.gateway ?? new Gateway(now)
  const net: Network = { down: false }
  const store = over.store ?? storage()
  const keep = new Keep('acme.web', over.stores ?? [store])
  const chat = openChat({ base: 'http://gateway', channel: 'acme.web', wishes: { language: 'en', draft: over.draft }, fetch: fetchFrom(gateway, net), socket: socketTo(gateway, net), keep, alone: 'alone' in over ? over.alone : (act) => act(), agree: over.agree ?? ((own) => Promise.resolve(own)) }, () => undefined)
  made.push(chat)
  return { gateway, net, store, keep, chat }
}

export const pass = (ms = 1): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)
export const texts = (chat: Chat): (string | undefined)[] => chat.state.entries.map((e) => e.content.text)

export function virtualTime(): void {
  beforeEach(() => void vi.useFakeTimers({ now }))
  afterEach(() => {
    for (const chat of made.splice(0)) chat.stop()
    vi.useRealTimers()
  })
}
