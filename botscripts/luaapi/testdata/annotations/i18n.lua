---@meta i18n

---Texts in the consumer's language. They are in `i18n/en.yaml`, `i18n/de.yaml` and so on, keys to texts; keys may be nested and are then written with dots. `{name}` in a text is replaced. A text that depends on a `count` has the keys `….one` and `….other` (and `few`, `many`, where the language has them).
---
---A text that a language lacks is taken from the brand's first language.
---@class parley.module.i18n
local i18n = {}

---Gives a text in the conversation's language.
---
---Error: No language has the key; or the text has a name that values lacks.
---@param key string The text's key.
---@param values? table<string, string|number|boolean> What replaces the names in the text; `count` also chooses the plural.
---@return string text The text.
function i18n.t(key, values) end

---Tells whether there is a text.
---@param key string The text's key.
---@return boolean has Whether some language of the conversation has it.
function i18n.has(key) end

---Gives the language in which the bot talks.
---@return string language Such as "en".
function i18n.language() end

---Writes a time as the conversation's language does, in the brand's time zone.
---@param time number The time. In seconds since 1970.
---@param style? "short"|"medium"|"long"|"full"|"time"|"datetime"|"weekday" short is 12/24/2026 in American English, medium Dec 24, 2026, long December 24, 2026, full with the weekday; time is 5:30 PM, datetime medium and time. Default: `medium`.
---@return string text The date.
function i18n.format_date(time, style) end

---Writes a number as the conversation's language does.
---@param number number The number.
---@param decimals? number Digits after the point.
---@return string text The number.
function i18n.format_number(number, decimals) end

---Writes an amount as the conversation's language does.
---@param amount number In the currency's main unit, such as euros.
---@param currency string ISO 4217, such as EUR.
---@return string text The amount.
function i18n.format_money(amount, currency) end

return i18n
