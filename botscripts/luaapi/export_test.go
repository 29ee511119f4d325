package luaapi

// What the tests outside of the package look into: they run bots, and the bots' checker reads this package.
var (
	Anchor    = anchor
	ParsePage = parsePage
	Validate  = validate
	LuaType   = luaType
	TypeWord  = typeWord
)
