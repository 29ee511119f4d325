// Package kept keeps what a brand's texts were learned into, the index of its FAQ and the model of its intents, in a folder:
// made once, and read at the next start. A file is named by the hash of what it was made from, so that it is never out of
// date; whoever reads it checks it, and makes a damaged one anew. The folder may be deleted at any time.
package kept
