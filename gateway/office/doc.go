// Package office is what an operator does on the machine of the data folder:
// people and API tokens. It works on the folder while no server has it, and
// through the server that has it: the server listens on this machine alone and
// leaves a key in the folder, so that whoever may read the folder, and nobody
// else, may ask.
package office
