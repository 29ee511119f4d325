import type { Frame } from '../wire'
import type { Gateway } from './gateway'

// fetchFrom and socketTo stand in for the browser's network; down makes both fail.

export interface Network {
  down: boolean
}

export function fetchFrom(gateway: Gateway, net: Network): typeof fetch {
  return async (input, init) => {
    if (net.down) throw new TypeError('network')
    const url = new URL(String(input))
    const headers = new Headers(init?.headers)
    const body = typeof init?.body === 'string' ? (JSON.parse(init.body) as Record<string, unknown>) : {}
    const answer = await gateway.handle(init?.method ?? 'GET', url.pathname + url.search, headers.get('Authorization')?.slice(7), body)
    if (answer.status === 0) throw new TypeError('network')
    return new Response(answer.body === undefined ? null : JSON.stringify(answer.body), { status: answer.status })
  }
}

export function socketTo(gateway: Gateway, net: Network): (url: string) => WebSocket {
  return () => {
    let ended = false
    const peer = {
      send: (f: Frame) => queueMicrotask(() => ws.onmessage?.({ data: JSON.stringify(f) })),
      close: (code: number) => {
        if (ended) return
        ended = true
        gateway.leave(peer)
        queueMicrotask(() => ws.onclose?.({ code }))
      },
    }
    const ws = {
      onopen: null as (() => void) | null,
      onmessage: null as ((e: { data: string }) => void) | null,
      onclose: null as ((e: { code: number }) => void) | null,
      send: (text: string) => {
        if (!ended && !net.down) gateway.hear(peer, text)
      },
      close: () => peer.close(1000),
    }
    queueMicrotask(() => {
      if (net.down || gateway.refuseSockets) return peer.close(1006)
      gateway.join(peer)
      ws.onopen?.()
    })
    return ws as unknown as WebSocket
  }
}
