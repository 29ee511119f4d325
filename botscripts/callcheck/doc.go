// Package callcheck holds what a script passes to host functions against the reference of these functions: unknown
// and mistyped options, kinds that do not exist, missing arguments. It looks at literals only, however deep in
// tables; what a script computes is left to the runtime.
package callcheck
