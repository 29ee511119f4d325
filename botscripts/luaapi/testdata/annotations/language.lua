---@meta language

---The language of a message, among those of brand.yaml.
---@class parley.module.language
local language = {}

---Tells in which of the brand's languages a text is written.
---
---The languages of the conversation's messages so far count too, so that a short answer such as "ok" is taken for the language of the others; before there is any, the conversation's language counts as one message. It changes nothing by itself; `consumer:set("language", code)` does.
---@param text string What the consumer wrote; the first 2,000 bytes count.
---@return string? code As brand.yaml has it, such as de; `nil` when the text gives nothing to go by.
function language.detect(text) end

return language
