---@meta sentiment

---How a message sounds, by words that tell it, in English, German, Spanish and French. It is a hint: about half of all complaints have no such word, and irony is not understood. Do not decide by it alone.
---@class parley.module.sentiment
local sentiment = {}

---Tells how content a message sounds.
---@param text string What the consumer wrote; the first 2,000 bytes count.
---@return parley.Sentiment sentiment How it sounds.
function sentiment.score(text) end

---Tells how content the consumer has sounded so far.
---
---It is the mean of their messages in this conversation, the latest of which count most, and those that sound negative more than others. Before anything was heard, and for a brand whose sentiment is off, it is neutral. Messages come in while a bot waits: ask again after a question.
---@return parley.Sentiment sentiment How they sound.
function sentiment.conversation() end

return sentiment
