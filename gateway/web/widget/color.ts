// The brand chooses one colour; what is written on it is computed, so that it can be read whatever they chose. Black or white
// always reaches 4.5:1 (WCAG AA). The same colour as text on the widget's own surfaces is the stylesheet's work (--ink).

export interface Accent {
  fill: string // the brand's colour, behind text and icons
  on: string // text on the fill
}

const fallback = '#0f766e'

// accent reads #rgb or #rrggbb; anything else gives the widget's own colour.
export function accent(color = ''): Accent {
  const hex = color.trim().replace(/^#(.)(.)(.)$/, '#$1$1$2$2$3$3')
  const fill = /^#[\da-f]{6}$/i.test(hex) ? hex : fallback
  return { fill, on: luminance(fill) > 0.179 ? '#000' : '#fff' }
}

// luminance is WCAG's relative luminance of #rrggbb, 0 to 1.
export function luminance(hex: string): number {
  const part = (at: number): number => {
    const c = parseInt(hex.slice(at, at + 2), 16) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
}
