---@meta queue

---How the queues to the people stand, so that a bot can say how long it takes before it hands over.
---@class parley.module.queue
local queue = {}

---Tells how a skill's queue stands.
---
---Error: The brand has no such skill.
---@param skill? string The skill. Default: the brand's default skill.
---@return parley.QueueStatus status The queue.
function queue.status(skill) end

return queue
