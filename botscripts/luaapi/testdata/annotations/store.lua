---@meta store

---Values that the brand's bots share, by key: counters, appointments, what must outlive a conversation. Facts of one conversation belong to `chat:set`, those of a person to `consumer:set`.
---@class parley.module.store
local store = {}

---Reads a value.
---@param key string At most 200 bytes.
---@return any value The value, or `nil` when there is none or it has expired.
---@return number version Its version, for `store.set`; 0 when there is none.
function store.get(key) end

---Writes a value.
---
---Error: The value is nil, cannot be JSON, or is larger than 64 KiB; the brand has as many values as it may.
---@param key string At most 200 bytes.
---@param value any A string, number, boolean, or a table of such values.
---@param options? parley.StoreSetOptions When to write, and for how long.
---@return boolean done `false` when the version was another.
---@return number version The version now.
function store.set(key, value, options) end

---Removes a value.
---@param key string At most 200 bytes.
---@param options? parley.StoreRemoveOptions When to remove.
---@return boolean done `false` when the version was another.
function store.remove(key, options) end

---Adds to a number, without losing one of two that come at once.
---
---Error: The value is there and is not a number, or the brand has as many values as it may.
---@param key string At most 200 bytes.
---@param by? number What to add; may be negative. Default: 1.
---@param options? parley.StoreIncrementOptions How long the number lives.
---@return number value The number now; a missing one counts as 0.
function store.increment(key, by, options) end

return store
