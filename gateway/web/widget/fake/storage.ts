// room is a storage of so many characters that behaves like a browser's: full, it throws and keeps what it has.
export function room(size: number, has: Record<string, string> = {}) {
  const map = new Map(Object.entries(has))
  const used = (): number => [...map].reduce((sum, [k, v]) => sum + k.length + v.length, 0)
  const store = {
    size,
    map,
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => {
      if (used() - (map.has(key) ? key.length + (map.get(key)?.length ?? 0) : 0) + key.length + value.length > store.size) throw new DOMException('full', 'QuotaExceededError')
      map.set(key, value)
    },
    removeItem: (key: string) => void map.delete(key),
  }
  return store
}
