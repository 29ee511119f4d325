const home = '/inbox/mine'

// These are what browsers leave out of addresses, so that "/\t/host" is another host.
const unsafe = /[\\\u0000-\u0020\u007f-\u00a0\u2028\u2029\ufeff]/

/** plain says whether a browser reads the address as a path of this site, whatever it leaves out or takes for a slash. */
function plain(address: string): boolean {
  if (!address.startsWith('/') || address.startsWith('//') || unsafe.test(address)) return false
  const here = 'https://parley.invalid'
  try {
    const url = new URL(address, here)
    return url.origin === here && !url.username && !url.pathname.startsWith('//')
  } catch {
    return false
  }
}

/**
 * afterSignIn is where to go after a sign-in. Anybody can write a link to the sign-in page, so only a path of this
 * site is followed, also when somebody on the way decodes it once more; everything else leads to the inbox.
 */
export function afterSignIn(next: unknown): string {
  if (typeof next !== 'string' || next.length > 2000) return home
  for (let address = next.replace(/[?#].*$/s, ''), decoded = ''; ; address = decoded) {
    if (!plain(address)) return home
    try {
      decoded = decodeURIComponent(address)
    } catch {
      return home
    }
    if (decoded === address) break
  }
  return plain(next.replace(/[ \u00a0]/g, '+')) ? next : home
}
