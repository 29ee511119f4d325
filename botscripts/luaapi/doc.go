// Package luaapi describes what a bot script may call: one source, from which
// the reference page, the annotations for editors and the studio's list are made.
//
// Each page, a file beside its module, describes one object, module or group of globals. A
// member's name is written as a script writes it: "chat:ask" is a method,
// "http.get" a function, "chat.opening" a field. Types are those of LuaLS:
// string, number, boolean, any, T[], table<K, V>, fun(…), "literal", A|B, a
// trailing ? for what may be nil; a name with a capital is a type of a page.
//
// Every function has an example, a whole bot and a test of it, which this
// package's tests run. They also hold that the descriptions and a real VM name
// the same members and options.
package luaapi
