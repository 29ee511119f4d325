import { describe, expect, it } from 'vitest'
import { afterSignIn } from './next'

const home = '/inbox/mine'

describe('afterSignIn', () => {
  it.each([
    '/', '/inbox', '/inbox/mine', '/inbox/all/0193-abc?state=any&q=%C3%96zil', '/learning?tab=answers', '/inbox/queue#top', '/inbox/all?q=http://x.example', '/inbox/all?q=a//b',
  ])('follows %j', (next) => expect(afterSignIn(next)).toBe(next))

  it.each([
    undefined, null, 1, {}, ['/inbox'], '', 'inbox', './inbox', '?x', '#x',
    'http://evil.example', 'https://evil.example/inbox', 'HTTP://evil.example', 'http:evil.example', 'http:/evil.example', 'https:\\\\evil.example', ' http://evil.example', '\thttp://evil.example',
    '//evil.example', '///evil.example', '/\\evil.example', '\\\\evil.example', '\\/evil.example', '/\\/evil.example', '//evil.example\\@here', '//user@evil.example', '//user:pw@evil.example/x',
    '/\t/evil.example', '/\n/evil.example', '/\r\n/evil.example', '\t//evil.example', '/ /evil.example', '/\u0000/evil.example', '/\u00a0/evil.example', '/\ufeff/evil.example', '/\u2028/evil.example',
    '/.//evil.example', '/..//evil.example', '/x/..//evil.example', '/%2e//evil.example', '/x/%2e%2e//evil.example',
    '/%5cevil.example', '/%5Cevil.example', '/%2fevil.example', '/%2Fevil.example', '/%2f%2fevil.example', '/%255cevil.example', '/%25252fevil.example', '/%09/evil.example', '/%0a/evil.example', '/%00/evil.example',
    'javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'java\tscript:alert(1)', '/javascript:alert(1)\\', 'data:text/html,x', 'vbscript:x', 'blob:x', 'file:///etc/passwd', 'mailto:a@evil.example',
    '/%', '/%zz', `/${'x'.repeat(3000)}`, '／／evil.example', '/inbox\\..\\..\\evil',
  ])('goes home instead of %j', (next) => expect(afterSignIn(next)).toBe(home))

  it('never leaves the site, whatever is in it', () => {
    const bits = ['/', '\\', '.', '..', '%2f', '%5c', '%09', '\t', '\n', ' ', ':', '@', 'http:', 'evil.example', '?', '#', 'x']
    const here = 'https://here.example'
    const left: string[] = []
    for (const a of bits) for (const b of bits) for (const c of bits) {
      const next = afterSignIn('/' + a + b + c)
      const url = new URL(next, here)
      if (url.origin !== here || new URL(url.pathname, here).origin !== here) left.push(next)
    }
    expect(left).toEqual([])
  })
})
