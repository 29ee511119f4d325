import { describe, expect, test } from 'vitest'
import { fileUrl, pieces, safeUrl } from './links'

// Each row: a text in which ⟦…⟧ stands around what must be a link, and where the links lead unless to just that.
const table: [string, ...string[]][] = [
  // GFM: trailing punctuation
  ['Visit ⟦www.commonmark.org⟧ for more.', 'http://www.commonmark.org/'],
  ['Visit ⟦www.commonmark.org/help⟧, please', 'http://www.commonmark.org/help'],
  ['Visit ⟦https://commonmark.org/a.b⟧.'],
  ['**⟦https://a.example/x⟧** _⟦https://a.example/y⟧_ ~⟦https://a.example/z⟧~'],
  ['⟦https://a.example/x⟧?! ⟦https://a.example/y⟧...'],
  ['⟦https://a.example/?q=1.5,2:3!x⟧!'],
  // GFM: balanced brackets
  ['⟦www.google.com/search?q=Markup+(business)⟧', 'http://www.google.com/search?q=Markup+(business)'],
  ['⟦www.google.com/search?q=Markup+(business)⟧))', 'http://www.google.com/search?q=Markup+(business)'],
  ['(⟦www.google.com/search?q=Markup+(business)⟧)', 'http://www.google.com/search?q=Markup+(business)'],
  ['⟦www.google.com/search?q=(business))+ok⟧', 'http://www.google.com/search?q=(business))+ok'],
  ['(see ⟦https://en.wikipedia.org/wiki/Bracket_(tennis)⟧)'],
  ['(see ⟦https://en.wikipedia.org/wiki/Bracket_(tennis)⟧.)'],
  ['[⟦https://a.example/x[1]⟧] {⟦https://a.example/{id}⟧}', 'https://a.example/x[1]', 'https://a.example/{id}'.replace(/[{}]/g, (c) => (c === '{' ? '%7B' : '%7D'))],
  ['[a label](⟦https://a.example/x⟧)'],
  // GFM: entities
  ['⟦www.google.com/search?q=commonmark&hl=en⟧', 'http://www.google.com/search?q=commonmark&hl=en'],
  ['⟦www.google.com/search?q=commonmark⟧&hl;', 'http://www.google.com/search?q=commonmark'],
  ['"⟦https://a.example/x⟧&quot;; then'],
  ['⟦https://a.example/?a=1&b=2⟧;'],
  // GFM: names
  ['⟦https://www._xxx.yyy.zzz⟧ https://www.xxx._yyy.zzz www.xxx.yyy._zzz', 'https://www._xxx.yyy.zzz/'],
  ['⟦https://localhost:3000/x⟧ ⟦http://a.example:8080⟧', 'https://localhost:3000/x', 'http://a.example:8080/'],
  ['<⟦https://a.example/x⟧> <a href="⟦https://a.example/y⟧">'],
  ['xhttps://a.example awww.a.example a.www.b.example'],
  ['⟦HTTPS://A.EXAMPLE/X⟧ ⟦WWW.A.EXAMPLE⟧', 'https://a.example/X', 'http://www.a.example/'],
  ['a.example/x is not said to be an address'],
  ['https:// http://. www. www.. https://?x'],
  // GFM: mail
  ['⟦foo@bar.baz⟧ hello@mail+xyz.example', 'mailto:foo@bar.baz'],
  ['⟦hello+xyz@mail.example⟧', 'mailto:hello+xyz@mail.example'],
  ['⟦a.b-c_d@a.b⟧ ⟦a.b-c_d@a.b⟧. a.b-c_d@a.b- a.b-c_d@a.b_', 'mailto:a.b-c_d@a.b', 'mailto:a.b-c_d@a.b'],
  ['⟦mailto:me@a.example⟧', 'mailto:me@a.example'],
  ["'⟦me@a.example⟧' ⟦o'brien@a.example⟧", 'mailto:me@a.example', "mailto:o'brien@a.example"],
  ['⟦jörg@münchen.example⟧', 'mailto:j%C3%B6rg@m%C3%BCnchen.example'],
  ['邮箱⟦me@a.example⟧。', 'mailto:me@a.example'],
  ['12@4.50 each, @me@chat.example'],
  // quotes of all languages
  ['"⟦https://a.example/x⟧" \'⟦https://a.example/x⟧\' `⟦https://a.example/x⟧`'],
  ['„⟦https://a.example/x⟧“ “⟦https://a.example/x⟧” ‚⟦https://a.example/x⟧‘ ‘⟦https://a.example/x⟧’ ’⟦https://a.example/x⟧’'],
  ['«⟦https://a.example/x⟧» « ⟦https://a.example/x⟧ » ‹⟦https://a.example/x⟧› »⟦https://a.example/x⟧«'],
  ['「⟦https://a.example/x⟧」 『⟦https://a.example/x⟧』 〈⟦https://a.example/x⟧〉 《⟦https://a.example/x⟧》 【⟦https://a.example/x⟧】 （⟦https://a.example/x⟧） ＂⟦https://a.example/x⟧＂'],
  ['„⟦https://a.example⟧“, „⟦me@a.example⟧“', 'https://a.example/', 'mailto:me@a.example'],
  ['“⟦https://a.example/x⟧.” (“⟦https://a.example/y⟧”).'],
  // punctuation of other scripts
  ['请看⟦https://a.example/x⟧。还有⟦https://a.example/y⟧，好！', 'https://a.example/x', 'https://a.example/y'],
  ['⟦https://a.example/x⟧、⟦https://a.example/y⟧？ ⟦https://a.example/z⟧；⟦https://a.example/u⟧： ⟦https://a.example/v⟧…'],
  ['⟦https://a.example/x⟧؟ ⟦https://a.example/y⟧، ⟦https://a.example/z⟧؛ ⟦https://a.example/u⟧۔ ⟦https://a.example/v⟧।'],
  ['⟦https://a.example⟧请看 ⟦www.a.example⟧をご覧', 'https://a.example/', 'http://www.a.example/'],
  ['⟦https://a.example/x⟧ – and ⟦https://a.example/y⟧— ⟦https://a.example/z⟧😊'],
  // what other products were told of
  ['(⟦https://view.matrix.org/room/!cURbafjkfsMDVwdRDQ:matrix.org/servers⟧) ⟦http://test.example/(test)⟧ ⟦https://a.example/?t=YQ==⟧ ⟦https://a.example/wall#message_26466⟧'],
  ['1+1=2, 5551234567, 12345678901, 48.137154, 11.576124, 21.01.2026, 1.2.3-4, tel:⟦+33 1 23 45 67 89⟧', 'tel:+33123456789'],
  // inside of an address
  ["⟦https://en.wikipedia.org/wiki/Schindler's_List⟧"],
  ["⟦https://a.example⟧'s page", 'https://a.example/'],
  ['⟦https://fr.wikipedia.org/wiki/L’Étranger⟧ ⟦https://ca.wikipedia.org/wiki/Col·lecció⟧', 'https://fr.wikipedia.org/wiki/L%E2%80%99%C3%89tranger', 'https://ca.wikipedia.org/wiki/Col%C2%B7lecci%C3%B3'],
  ['⟦https://de.wikipedia.org/wiki/Köln⟧, ⟦https://a.example/Hardy–Weinberg⟧', 'https://de.wikipedia.org/wiki/K%C3%B6ln', 'https://a.example/Hardy%E2%80%93Weinberg'],
  ['⟦https://a.example/a;b=c/d,e:f@g?h[]=1#/i!j⟧'],
  ['⟦https://xn--mnchen-3ya.example⟧ ⟦https://münchen.example⟧', 'https://xn--mnchen-3ya.example/', 'https://xn--mnchen-3ya.example/'],
  // what deceives
  ['https://bank.example@evil.example/x https://user:pw@a.example'],
  ['⟦https://a.example/⟧\u202Egpj.exe ⟦https://a.example⟧\u200B.evil.example', 'https://a.example/', 'https://a.example/'],
  ['javascript:alert(1) data:text/html,x vbscript:x file:///etc/passwd ftp://a.example'],
  // telephone numbers
  ['⟦+49 (0)89 1234⟧', 'tel:+49891234'],
  ['⟦+49 (0) 89 / 1234567⟧, ⟦+49-(0)-89-1234567⟧; ⟦(+49) (0)89 1234567⟧. ⟦+49(0)891234567⟧', 'tel:+49891234567', 'tel:+49891234567', 'tel:+49891234567', 'tel:+49891234567'],
  ['⟦+44 (020) 7946 0000⟧ ⟦+39 (0)6 1234567⟧ ⟦+39 06 1234567⟧', 'tel:+442079460000', 'tel:+39061234567', 'tel:+39061234567'],
  ['⟦+1 (415) 555-0100⟧ ⟦+1.415.555.0100⟧ ⟦+1\u00a0415\u00a0555\u20110100⟧', 'tel:+14155550100', 'tel:+14155550100', 'tel:+14155550100'],
  ['⟦+1 415 555 0100 ext. 23⟧ ⟦+1 415 555 0100x23⟧ ⟦+1-415-555-0100, extension 7⟧', 'tel:+14155550100;ext=23', 'tel:+14155550100;ext=23', 'tel:+14155550100;ext=7'],
  ['„⟦+49 89 1234567⟧“ (⟦+49 89 1234567⟧) ⟦+49 89 1234567⟧。', 'tel:+49891234567', 'tel:+49891234567', 'tel:+49891234567'],
  ['Call ⟦+49 89 1234567⟧. 3 of us wait.', 'tel:+49891234567'],
  // what is none
  ['12345678 order 2024-11-22-0815 no. +12345678 22.11.2026 2026-11-22 10:30'],
  ['DE89 3704 0044 0532 0130 00, GB29NWBK60161331926819, 4111 1111 1111 1111'],
  ['+1.000.000 +10 000 000 +250.000.000,50 € +491 234 567 890 € +33 123 456 789 EUR +25 % +1234567'],
  ['a+49891234567 1+4989123456 ++49891234567 +0891234567 +49891234567a +12345678901234567890'],
  ['UTC+01:00, 5+5=10, +1, x=+3.14159265'],
]

const read = (row: string): { text: string; links: string[] } => ({ text: row.replace(/[⟦⟧]/g, ''), links: [...row.matchAll(/⟦(.*?)⟧/g)].map((m) => m[1] ?? '') })

describe('links', () => {
  test.each(table)('%s', (row, ...leads) => {
    const { text, links } = read(row)
    const all = pieces(text)
    expect(all.map((p) => p.text).join('')).toBe(text)
    expect(all.filter((p) => p.href).map((p) => p.text)).toEqual(links)
    expect(all.flatMap((p) => p.href ?? [])).toEqual(leads.length ? leads : links)
  })

  test('text stays what it was, whatever is in it, and no link leads anywhere else than to a page, a mail or a call', () => {
    const bits = ['https://', 'http://', 'www.', 'a.example', 'ä', '请', '/', '?', '#', '&amp;', '&', ';', '(', ')', '[', ']', '{', '}', '.', ',', '!', "'", '"', '’', '“', '」', '。', '؟', '@', 'me', '_', '-', '+49', '(0)', '89', ' ', '\n', '1234567', 'x', 'javascript:', 'data:', '\u202e', '\u200b', '\ufeff', '\ud83d', '😊', '<', '>', '*', 'ext. 3', ':', '%', '\\']
    let seed = 1
    const next = (n: number): number => (seed = (seed * 48271) % 2147483647) % n
    for (let i = 0; i < 20_000; i++) {
      const text = Array.from({ length: next(14) }, () => bits[next(bits.length)]).join('')
      const all = pieces(text)
      expect(all.map((p) => p.text).join('')).toBe(text)
      for (const p of all) if (p.href) expect(p.href).toMatch(/^(https?:\/\/[^/]|mailto:[^?]|tel:\+)/)
    }
  })

  test.each(['a@', 'a.', '+1 ', '+1', 'https://', '((', '))', 'https://a/))', 'a-', "a'", 'www.', 'https://a', '&a;', 'é', '请', '+49 (', '_', 'https://a:', 'a@b.'])('the time grows with the text: %s', (part) => {
    const text = `https://a.example/${part.repeat(20_000)}`
    for (const t of [text, text.slice(18)]) {
      const from = performance.now()
      expect(pieces(t).map((p) => p.text).join('')).toBe(t)
      expect(performance.now() - from).toBeLessThan(2000) // squares of this length take minutes
    }
  })

  test.each(['javascript:alert(1)', 'JavaScript:alert(1)', ' java\nscript:alert(1)', 'data:text/html,x', 'blob:https://a.example/x', '//a.example', ''])('%s is not followed', (url) => {
    expect(safeUrl(url)).toBeUndefined()
    expect(fileUrl(url)).toBeUndefined()
  })
})
