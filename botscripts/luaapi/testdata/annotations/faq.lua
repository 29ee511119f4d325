---@meta faq

---The questions and answers of the folder's `faq/*.md`.
---@class parley.module.faq
local faq = {}

---Finds the question that a text asks.
---
---It looks through all wordings. When nothing fits well it gives `nil` and not the least bad answer, so that the bot can say that it does not know.
---@param text string What the consumer wrote.
---@return parley.FaqHit? hit The best question, or `nil`.
function faq.search(text) end

return faq
