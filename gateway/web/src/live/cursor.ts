/** later is whether a position of the event log comes after another: the longer one does, of two equally long the greater. '' is the log's start. */
export const later = (a: string, b: string): boolean => (a.length === b.length ? a > b : a.length > b.length)

export const latest = (a: string, b: string): string => (later(b, a) ? b : a)
