import { useSyncExternalStore } from 'react'

/** Store holds one value that components follow. */
export class Store<T> {
  private readonly watchers = new Set<() => void>()

  constructor(private value: T) {}

  get = () => this.value

  set = (next: T | ((old: T) => T)) => {
    const value = typeof next === 'function' ? (next as (old: T) => T)(this.value) : next
    if (Object.is(value, this.value)) return
    this.value = value
    this.watchers.forEach((w) => w())
  }

  watch = (f: () => void): (() => void) => {
    this.watchers.add(f)
    return () => void this.watchers.delete(f)
  }
}

export const useStore = <T>(store: Pick<Store<T>, 'watch' | 'get'>) => useSyncExternalStore(store.watch, store.get)

/** without is a record that has no such entry. */
export function without<T>(all: Readonly<Record<string, T>>, id: string): Readonly<Record<string, T>> {
  if (!(id in all)) return all
  const { [id]: _gone, ...rest } = all
  return rest
}
