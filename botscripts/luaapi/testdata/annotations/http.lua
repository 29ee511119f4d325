---@meta http

---Calls to the brand's own services. Only the hosts of `http.hosts` in brand.yaml may be called, over https.
---
---A call waits for its answer, and the consumer's messages wait with it, unless `interrupt` is set. What goes wrong on the way is in the response's `error`; nothing is raised for it. Each call carries a stable `Idempotency-Key`, so that a service can tell a repetition.
---@class parley.module.http
local http = {}

---Reads a URL. It waits for the answer.
---
---Error: The URL is not one, or holds a user or password.
---@param url string https:// and a host of the brand's list.
---@param options? parley.HttpOptions How to call.
---@return parley.HttpResponse response The answer.
function http.get(url, options) end

---Posts to a URL. It waits for the answer.
---
---Error: The URL is not one; or both `body` and `json` are given.
---@param url string https:// and a host of the brand's list.
---@param options? parley.HttpBodyOptions How to call, and what to send.
---@return parley.HttpResponse response The answer.
function http.post(url, options) end

---Puts to a URL. It waits for the answer.
---
---Error: As `http.post`.
---@param url string https:// and a host of the brand's list.
---@param options? parley.HttpBodyOptions How to call, and what to send.
---@return parley.HttpResponse response The answer.
function http.put(url, options) end

---Patches a URL. It waits for the answer.
---
---Error: As `http.post`.
---@param url string https:// and a host of the brand's list.
---@param options? parley.HttpBodyOptions How to call, and what to send.
---@return parley.HttpResponse response The answer.
function http.patch(url, options) end

---Deletes a URL. It waits for the answer.
---
---Error: As `http.post`.
---@param url string https:// and a host of the brand's list.
---@param options? parley.HttpBodyOptions How to call, and what to send.
---@return parley.HttpResponse response The answer.
function http.delete(url, options) end

---Calls with any method. It waits for the answer.
---
---Error: The method is not GET, POST, PUT, PATCH, DELETE or HEAD; otherwise as `http.post`.
---@param request parley.HttpRequest The whole call.
---@return parley.HttpResponse response The answer.
function http.request(request) end

return http
