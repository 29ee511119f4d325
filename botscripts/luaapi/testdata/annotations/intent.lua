---@meta intent

---What a consumer wants, found by the example sentences of the folder's `intents.yaml`. It is trained from these sentences alone and runs inside parley; nothing leaves the machine.
---@class parley.module.intent
local intent = {}

---Tells which intent a text has.
---
---When no intent fits well, `known` is `false` and `name` is nil, so that the bot can ask instead of guessing; `top` still tells what came nearest.
---
---Error: The folder has no intents.
---@param text string What the consumer wrote; the first 2,000 bytes count.
---@return parley.IntentResult result The intent.
function intent.classify(text) end

return intent
