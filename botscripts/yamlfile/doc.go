// Package yamlfile reads the YAML of a brand folder so that every value keeps
// its line, one look finds all problems, and no file can keep the parser busy
// for long. It knows plain mappings, lists and scalars; anchors, aliases and
// tags are problems.
package yamlfile
