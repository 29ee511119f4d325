---@meta faq

---The questions and answers of the folder's `faq/*.md`. A bot says the answer with what belongs to it, asks whether it helped, and says so with `faq.feedback`: then `parley learn answers` shows which answers help least.
---@class parley.module.faq
local faq = {}

---Finds the question that a text asks.
---
---It looks through all wordings and answers. When nothing fits well it gives `nil` and not the least bad answer, so that the bot can say that it does not know. Of a question's variants it gives the one for the conversation's language and channel.
---@param text string What the consumer wrote; the first 1,000 bytes count.
---@param options? parley.FaqOptions How much to find.
---@return parley.FaqHit? hit The best question, or `nil`.
function faq.search(text, options) end

---Counts whether an answer helped the consumer.
---
---It counts for the question, in all its variants. When the answer did not help, what was searched for is kept, and `parley learn` lists it. Do not call it when the consumer said neither yes nor no: `chat:confirm` gives `nil` then. What people say who try a draft is not counted.
---
---Error: `hit` is no table, or has no `question` that is one of the FAQ.
---
---Error: `helped` is neither `true` nor `false`.
---@param hit parley.FaqHit|parley.FaqAlternative What `faq.search` gave, or one of its alternatives. Its `question` counts; it must be one of the FAQ.
---@param helped boolean Whether it helped.
function faq.feedback(hit, helped) end

return faq
