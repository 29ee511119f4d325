---@meta sentiment

---How a message sounds, by words that tell it, in English, German, Spanish and French. It is a hint: about half of all complaints have no such word, and irony is not understood. Do not decide by it alone.
---@class parley.module.sentiment
local sentiment = {}

---Tells how content a message sounds.
---@param text string What the consumer wrote; the first 2,000 bytes count.
---@return parley.Sentiment sentiment How it sounds.
function sentiment.score(text) end

return sentiment
