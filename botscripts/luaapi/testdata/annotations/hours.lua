---@meta hours

---The opening hours of brand.yaml, of the brand or of a skill, with their holidays.
---@class parley.module.hours
local hours = {}

---Tells whether it is open now.
---
---Error: The brand has no such skill.
---@param skill? string A skill. Default: the brand.
---@return boolean open Whether it is.
function hours.open(skill) end

---Tells when it opens next.
---
---Error: The brand has no such skill.
---@param skill? string A skill. Default: the brand.
---@return number? time When; `nil` when it never opens. While it is open, the time is now. In seconds since 1970.
function hours.next(skill) end

---Tells in words when it opens next, in the conversation's language.
---
---Error: The brand has no such skill.
---@param skill? string A skill. Default: the brand.
---@return string? text Such as "tomorrow at 09:00"; `nil` while it is open.
function hours.describe(skill) end

return hours
