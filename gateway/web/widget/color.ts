// The brand chooses one colour; what is written on it and with it is computed, so that it can always be read (WCAG AA, 4.5:1).

type Rgb = readonly [number, number, number]

export interface Accent {
  fill: string // the brand's colour, behind text and icons
  on: string // text on the fill
  inkLight: string // the colour as text on a light surface
  inkDark: string // the same on a dark one
}

const fallback: Rgb = [15, 118, 110]
const white: Rgb = [255, 255, 255]
const night: Rgb = [17, 19, 24]
// The hardest surfaces that accent text stands on: see --surface and --bubble in the stylesheet.
const lightSurface: Rgb = [240, 241, 245]
const darkSurface: Rgb = [41, 45, 53]

// accent reads #rgb, #rrggbb or rgb(r, g, b); anything else gives the widget's own colour.
export function accent(color: string | undefined): Accent {
  const fill = parse(color?.trim() ?? '') ?? fallback
  const on = contrast(fill, white) >= 4.5 || contrast(fill, white) >= contrast(fill, night) ? white : night
  // In the middle of the scale neither text reaches 4.5:1, then the fill gives way a little.
  const ground = towards(fill, on, on === white ? night : white)
  return { fill: css(ground), on: css(on), inkLight: css(towards(fill, lightSurface, night)), inkDark: css(towards(fill, darkSurface, white)) }
}

// towards moves a colour to a target in small steps until it can be read against another.
function towards(from: Rgb, against: Rgb, target: Rgb): Rgb {
  for (let share = 0; share < 1; share += 0.04) {
    const c = mix(from, target, share)
    if (contrast(c, against) >= 4.6) return c
  }
  return target
}

const mix = (a: Rgb, b: Rgb, share: number): Rgb => [0, 1, 2].map((i) => Math.round((a[i] ?? 0) + ((b[i] ?? 0) - (a[i] ?? 0)) * share)) as unknown as Rgb

function parse(color: string): Rgb | undefined {
  const short = /^#([\da-f])([\da-f])([\da-f])$/i.exec(color)
  if (short) return short.slice(1).map((h) => parseInt(h + h, 16)) as unknown as Rgb
  const long = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(color)
  if (long) return long.slice(1).map((h) => parseInt(h, 16)) as unknown as Rgb
  const rgb = /^rgb\((\d{1,3})[ ,]+(\d{1,3})[ ,]+(\d{1,3})\)$/.exec(color)
  return rgb ? (rgb.slice(1).map((n) => Math.min(255, Number(n))) as unknown as Rgb) : undefined
}

const css = (c: Rgb): string => `rgb(${c.join(' ')})`

function luminance(c: Rgb): number {
  const [r, g, b] = c.map((n) => (n / 255 <= 0.04045 ? n / 255 / 12.92 : ((n / 255 + 0.055) / 1.055) ** 2.4)) as unknown as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

// contrast is WCAG's ratio, 1 to 21.
export function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}
