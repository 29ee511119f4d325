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

  watch = (f: () => void) => {
    this.watchers.add(f)
    return () => void this.watchers.delete(f)
  }
}

export const useStore = <T>(store: Store<T>) => useSyncExternalStore(store.watch, store.get)

/** storedStore is a Store that survives a reload and is shared by the tabs of this browser. */
export function storedStore<T>(key: string, initial: T): Store<T> {
  const read = (): T => {
    try {
      const text = localStorage.getItem(key)
      return text === null ? initial : (JSON.parse(text) as T)
    } catch {
      return initial
    }
  }
  const store = new Store<T>(read())
  store.watch(() => {
    try {
      localStorage.setItem(key, JSON.stringify(store.get()))
    } catch {
      // Storage is full or forbidden: the value lives as long as the page.
    }
  })
  window.addEventListener('storage', (e) => {
    if (e.key === key) store.set(read())
  })
  return store
}
