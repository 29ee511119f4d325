---@meta log

---Writes a line into the conversation's event log, which consumers never see.
---@param ... any Strings, numbers, booleans, nil, tables; joined with blanks.
local function log(...) end

return log
