-- Runs each line of a corpus in the Lua that runs this file and prints what it returns, in the corpus' own form:
-- lua5.1 oracle.lua semantics.txt
local function show(v)
  if type(v) == "number" then
    if v ~= v then return "nan" end
    if v == math.floor(v) and math.abs(v) <= 2 ^ 53 then return (string.format("%.0f", v):gsub("^%-0$", "0")) end
  end
  return tostring(v)
end

local function results(ok, ...)
  local list = {}
  for i = 1, select("#", ...) do list[i] = show((select(i, ...))) end
  return ok, table.concat(list, ", ")
end

for line in io.lines(arg[1]) do
  if line ~= "" and line:sub(1, 1) ~= "#" then
    local at = line:find(" => ", 1, true)
    local chunk = loadstring(line:sub(1, at - 1), "=semantics")
    if not chunk then
      print("compile error")
    else
      local ok, text = results(pcall(chunk))
      print(ok and text or "error")
    end
  end
end
