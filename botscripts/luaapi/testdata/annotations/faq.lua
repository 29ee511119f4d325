---@meta faq

---The questions and answers of the folder's `faq/*.md`.
---@class parley.module.faq
local faq = {}

---Finds the question that a text asks.
---
---It looks through all wordings and answers. When nothing fits well it gives `nil` and not the least bad answer, so that the bot can say that it does not know. Of a question's variants it gives the one for the conversation's language and channel.
---@param text string What the consumer wrote; the first 1,000 bytes count.
---@param options? parley.FaqOptions How much to find.
---@return parley.FaqHit? hit The best question, or `nil`.
function faq.search(text, options) end

return faq
