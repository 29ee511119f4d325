// scheme is what the widget's color-scheme has to be to look like the page around it: what the page says in CSS, what it is marked
// with, what it is painted with, and only then what the visitor's system prefers.
export function scheme(host: Element): string {
  const said = getComputedStyle(host).colorScheme
  return one(said) || marked() || (said === 'normal' ? (meta() ?? painted() ?? both) : 'inherit')
}

const both = 'light dark'
const pages = (): HTMLElement[] => [document.documentElement, document.body]

// one is the only scheme that the value of color-scheme names.
const one = (value: string): string => (value.includes('dark') === value.includes('light') ? '' : value.includes('dark') ? 'dark' : 'light')

const meta = (): string | undefined => document.querySelector<HTMLMetaElement>('meta[name=color-scheme]')?.content

// marked reads the class dark, theme-dark or dark-mode and attributes such as data-theme, data-bs-theme or data-color-mode.
function marked(): string | undefined {
  for (const page of pages()) {
    for (const { name, value } of page.attributes) {
      const found = name === 'class' ? /(?:^|\s)(?:(?:theme|mode)-)?(dark|light)(?:-(?:theme|mode))?(?!\S)/i.exec(value) : /^data-(?!dark|light)(?:\w+-){0,2}(?:theme|mode|scheme)$/.test(name) && /\b(dark|light)\b/i.exec(value)
      if (found) return found[1]?.toLowerCase()
    }
  }
  return undefined
}

// painted judges the page's background.
function painted(): string | undefined {
  for (const page of pages().reverse()) {
    const rgb = /^rgb\((\d+), (\d+), (\d+)\)/.exec(getComputedStyle(page).backgroundColor)
    if (rgb) return Number(rgb[1]) * 0.3 + Number(rgb[2]) * 0.59 + Number(rgb[3]) * 0.11 < 128 ? 'dark' : 'light'
  }
  return undefined
}
