---@meta text

---Texts as people see them: characters and not bytes, and letters of all alphabets. Lua's `string` counts bytes and knows ASCII only.
---@class parley.module.text
local text = {}

---Drops blanks at both ends.
---@param text string A text.
---@return string text The rest.
function text.trim(text) end

---Turns a text into lower case.
---@param text string A text.
---@return string text The text.
function text.lower(text) end

---Turns a text into upper case.
---@param text string A text.
---@return string text The text.
function text.upper(text) end

---Begins each word with a capital.
---@param text string A text.
---@return string text The text.
function text.title(text) end

---Counts the characters.
---@param text string A text.
---@return number length The number of characters.
function text.length(text) end

---Takes characters from one place to another.
---@param text string A text.
---@param from number The first, from 1; negative from the end.
---@param to? number The last; negative from the end. Default: the end.
---@return string text The part.
function text.slice(text, from, to) end

---Tells whether a text has another in it, in whatever case, with or without accents.
---@param text string A text.
---@param part string What to look for; no pattern.
---@return boolean found Whether it has.
function text.contains(text, part) end

---Splits a text.
---@param text string A text.
---@param separator? string What stands between; no pattern. Default: blanks.
---@return string[] parts The parts.
function text.split(text, separator) end

---Tells whether a text begins with another, in whatever case, with or without accents.
---@param text string A text.
---@param start string The beginning; no pattern.
---@return boolean starts Whether it does.
function text.starts_with(text, start) end

---Cuts a text that is too long, between words where it can, and ends it with ….
---@param text string A text.
---@param length number How many characters may stay.
---@return string text The text.
function text.truncate(text, length) end

---Splits a text into words, in lower case and without punctuation.
---@param text string A text.
---@return string[] words The words.
function text.words(text) end

---Hides all letters and digits but the last ones behind stars.
---@param text string A text.
---@param keep? number How many stay. Default: 4.
---@return string text The text.
function text.mask(text, keep) end

return text
