import { Alert, Avatar, Badge, createTheme, type CSSVariablesResolver, Drawer, Modal, rem, Text, Tooltip } from '@mantine/core'
import { s } from '../strings'
import classes from './theme.module.css'

const closeButtonProps = { 'aria-label': s.shell.close }
const tinted = ['red', 'orange']

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 7 },
  autoContrast: true,
  luminanceThreshold: 0.36,
  defaultRadius: 'md',
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  headings: { fontWeight: '650' },
  // Below the library's own, which begin at xs with 10.
  spacing: { hair: rem(2), thin: rem(4), snug: rem(6), close: rem(8) },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Badge: Badge.extend({ defaultProps: { tt: 'none', fw: 600 } }),
    Avatar: Avatar.extend({ defaultProps: { color: 'initials' } }),
    // The library's tint of these two is too dark for small text.
    Alert: Alert.extend({ vars: (_theme, { color }) => ({ root: tinted.includes(String(color)) ? { '--alert-bg': `var(--tint-${color})` } : {} }) }),
    Drawer: Drawer.extend({ classNames: { title: classes.dialogTitle }, defaultProps: { closeButtonProps } }),
    Modal: Modal.extend({ classNames: { title: classes.dialogTitle }, defaultProps: { centered: true, radius: 'lg', closeButtonProps } }),
    Text: Text.extend({ classNames: { root: classes.text } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 400, withArrow: true } }),
  },
})

const names = ['gray', 'red', 'pink', 'grape', 'violet', 'indigo', 'blue', 'cyan', 'teal', 'green', 'lime', 'yellow', 'orange']

const each = (shade: (color: string) => string) =>
  Object.fromEntries(names.map((c) => [`--mantine-color-${c}-light-color`, shade(c)]))

// Mantine's dimmed, placeholder, error and light-variant colours miss AA contrast; these meet it.
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-placeholder': 'var(--mantine-color-gray-7)',
    '--mantine-color-error': 'var(--mantine-color-red-9)',
    ...each((c) => `color-mix(in srgb, var(--mantine-color-${c}-9), black 30%)`),
  },
  dark: {
    '--mantine-color-text': 'var(--mantine-color-gray-2)',
    '--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
    '--mantine-color-placeholder': 'var(--mantine-color-dark-1)',
    '--mantine-color-error': 'var(--mantine-color-red-3)',
    ...each((c) => `var(--mantine-color-${c}-2)`),
  },
})
