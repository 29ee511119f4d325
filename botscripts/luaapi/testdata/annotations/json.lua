---@meta json

---Lua values as JSON, and back.
---@class parley.module.json
local json = {}

---Writes a value as JSON, fields in alphabetical order.
---
---Error: The value holds a function, refers to itself, or is too deep.
---@param value any A string, number, boolean, nil, or a table of such values. An empty table is `{}`; one that was read from `[]`, as by `json.decode "[]"`, is `[]`.
---@return string text JSON in one line.
function json.encode(value) end

---Reads JSON.
---@param text string JSON, at most 1 MiB.
---@return any value The value; `nil` when the text is not JSON. A whole number beyond 2^53, which Lua would round, is a string of its digits.
---@return string? problem Why it is not JSON, and where.
function json.decode(text) end

return json
