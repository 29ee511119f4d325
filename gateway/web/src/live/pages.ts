import type { Conversation } from '../api'

/**
 * mergePages is every conversation of a list's pages once, the latest activity first. One that came to the front while
 * the pages were loaded is on the next page too, at whatever place: the higher revision is the one that is true.
 */
export function mergePages(pages: readonly { conversations: readonly Conversation[] }[] | undefined): Conversation[] {
  const known = new Map<string, Conversation>()
  for (const page of pages ?? []) {
    for (const c of page.conversations) {
      const old = known.get(c.id)
      if (!old || c.rev > old.rev || (c.rev === old.rev && c.last_at >= old.last_at)) known.set(c.id, c)
    }
  }
  return [...known.values()].sort((a, b) => b.last_at - a.last_at || (a.id < b.id ? 1 : -1))
}
