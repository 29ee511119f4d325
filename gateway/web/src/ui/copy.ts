/** copyText puts a text on the clipboard and says whether that worked. A page that came by plain http has only the old way. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const box = document.createElement('textarea')
    box.value = text
    box.style.position = 'fixed'
    box.style.opacity = '0'
    document.body.append(box)
    box.select()
    const done = document.execCommand('copy')  
    box.remove()
    return done
  }
}
