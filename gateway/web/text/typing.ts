// What a text field must know about how people type.

// composing says whether the key belongs to an input method (Chinese, Japanese, Korean, dead keys). Safari ends the composition
// before it tells of the key that ended it, and marks that key by its code alone.
export const composing = (e: KeyboardEvent): boolean => e.isComposing || e.keyCode === 229

// visible says whether there is anything to see in the text: zero-width characters, fillers, variation selectors, the Braille blank
// and their like are nothing. The gateway judges alike (engine.Blank).
export const visible = (text: string): boolean => /[^\s\p{Cc}\p{DI}\u2800\ufff9-\ufffc]/u.test(text)
