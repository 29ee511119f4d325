// Text is shown as text; only what is plainly an address or a telephone number becomes a link. The rules for web and mail addresses
// are those of GitHub Flavored Markdown's autolinks, and more strict where chat differs: quotes and punctuation of all languages end one.

export type Piece = { text: string; href?: string }

const label = '[\\p{L}\\p{M}\\p{N}_-]+'
// Latin letters end where another script begins: nobody puts a blank between an address and Chinese.
const last = `(?:[a-z\\d-]+(?![\\wÀ-ɏ-])|${label})`
// Of the punctuation of other languages only what stands inside of words. Characters that cannot be seen would deceive.
const rest = '(?:[!#-;=?-_a-~·・\\u200c\\u200d\\p{Pc}\\p{Pd}]|’(?=[\\p{L}\\p{N}])|(?![\\p{P}\\p{C}\\p{ExtPict}～])[^\\s!-~])*'
const blank = '[ \\u00a0\\u2009\\u202f]?'
// One pass without nested repeats: the time grows with the text, whatever is in it.
const pattern = new RegExp(
  [
    'https?:\\/\\/[^\\s/?#@]*@\\S*', // what stands before an @ looks like the host and is not
    `(?:(?<![a-z\\d])https?:\\/\\/|(?<![a-z\\d.@/-])www\\.)((?:${label}\\.)*${last})(?::\\d{1,5})?(?:[/?#]${rest})?`,
    `(?:\\bmailto:)?(?<![\\wÀ-ɏ.+@-]|\\w')[\\wÀ-ɏ.+-]+(?:'[\\wÀ-ɏ.+-]+)*@(?:${label}\\.)+${last}`,
    `(?<![\\w+.-])(?:\\((?=\\+\\d{1,3}\\)))?\\+[1-9](?!(?<![17])\\D)(?:(?:\\.|${blank}[/()‐‑–-]{0,2}${blank}\\(?)\\d){7,15}` +
      `(?:(?:;ext=|[ ,]{0,2}(?:extension|ext\\.?|x|#|Durchwahl|poste) ?)(\\d{1,6}))?(?!\\w|[,-]\\d|${blank}(?:[\\d%€$£¥₹]|EUR|USD|GBP|CHF))`,
  ].join('|'),
  'giu',
)

export function pieces(text: string): Piece[] {
  const out: Piece[] = []
  let from = 0
  for (const found of text.matchAll(pattern)) {
    const [all, host, extension] = found
    const shown = host ? trim(all) : all
    const href = safeUrl(host ? web(shown, host) : all.includes('@') ? mail(all) : tel(all, extension))
    if (!href) continue
    if (found.index > from) out.push({ text: text.slice(from, found.index) })
    out.push({ text: shown, href })
    from = found.index + shown.length
  }
  if (from < text.length) out.push({ text: text.slice(from) })
  return out
}

// No name of a site has an underscore in its last two parts.
const web = (shown: string, host: string): string => (/_[^.]*(\.[^.]*)?$/.test(host) ? '' : /^www/i.test(shown) ? `http://${shown}` : shown)

const mail = (shown: string): string => (/^https?:|[-_]$|\.\d+$/i.test(shown) ? '' : `mailto:${shown.replace(/^mailto:/i, '')}`)

function tel(shown: string, extension?: string): string {
  const number = extension ? shown.slice(0, -extension.length) : shown
  // A 0 in brackets is dialled only inside of the country, except where numbers begin with it.
  const digits = (/\+(39|378|22|24)/.test(number) ? number : number.replace(/\(0(\d*)\)/, '$1')).replace(/[^+\d]/g, '')
  return /^\+(?!1(?![2-9]\d{9}$))\d{8,15}$/.test(digits) ? `tel:${digits}${extension ? `;ext=${extension}` : ''}` : ''
}

// trim takes off what belongs to the sentence: punctuation and entities at the end, and brackets that were opened before.
function trim(url: string): string {
  const spare = (open: string, close: string): number => url.split(close).length - url.split(open).length
  const over: Record<string, number> = { ')': spare('(', ')'), ']': spare('[', ']'), '}': spare('{', '}') }
  let end = url.length
  for (; end; end--) {
    const c = url.charAt(end - 1)
    if (over[c] !== undefined) {
      if (over[c]-- < 1) break
    } else if (c === ';') end -= (/&[a-z\d]{1,31};$/i.exec(url.slice(Math.max(0, end - 33), end))?.[0].length ?? 1) - 1
    else if (!'?!.,:*_~\'’([{–—'.includes(c)) break
  }
  return url.slice(0, end)
}

// safeUrl is the address when following it can only open a page, a mail or a call.
export function safeUrl(url: string | undefined): string | undefined {
  const parsed = parse(url)
  return parsed && ['https:', 'http:', 'mailto:', 'tel:'].includes(parsed.protocol) ? parsed.href : undefined
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
