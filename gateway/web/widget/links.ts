// Text is shown as text; only what is plainly an address becomes a link.

export type Piece = { text: string; href?: string }

// One pass, no nested repeats: the time grows with the text, whatever is in it.
const pattern = /https:\/\/[^\s<>"']{1,2000}|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}|(?<![\w.+-])\+\d[\d ()/-]{6,20}\d/gi

export function pieces(text: string): Piece[] {
  const out: Piece[] = []
  let from = 0
  for (const found of text.matchAll(pattern)) {
    const shown = trimEnd(found[0])
    const href = shown.startsWith('+') ? `tel:${shown.replace(/[^+\d]/g, '')}` : /^https:/i.test(shown) ? shown : `mailto:${shown}`
    if (!safeUrl(href)) continue
    if (found.index > from) out.push({ text: text.slice(from, found.index) })
    out.push({ text: shown, href })
    from = found.index + shown.length
  }
  if (from < text.length) out.push({ text: text.slice(from) })
  return out
}

// A full stop after an address ends the sentence, and a bracket closes what was opened before it.
function trimEnd(url: string): string {
  const s = url.replace(/[.,;:!?]{1,9}$/, '')
  return s.endsWith(')') && !s.includes('(') ? s.slice(0, -1) : s
}

// safeUrl is the address when following it can only open a page, a mail or a call.
export function safeUrl(url: string | undefined): string | undefined {
  const parsed = parse(url)
  return parsed && ['https:', 'mailto:', 'tel:'].includes(parsed.protocol) ? parsed.href : undefined
}

// fileUrl is the address of an image or a file: https only.
export function fileUrl(url: string | undefined): string | undefined {
  const parsed = parse(url)
  return parsed?.protocol === 'https:' ? parsed.href : undefined
}

function parse(url: string | undefined): URL | undefined {
  try {
    return url ? new URL(url) : undefined
  } catch {
    return undefined
  }
}
