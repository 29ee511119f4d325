import text from './widget.css?inline'

// An adopted stylesheet is the one way to style that a strict Content-Security-Policy of the host page lets through.
export function stylesheet(): CSSStyleSheet {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(text)
  return sheet
}
