// Package natsbus is the bus between the processes of one installation: what a
// process publishes reaches its own subscribers at once, and those of the others
// over NATS core, as far as the topic reaches. Signals may be lost on the way;
// nothing depends on them. NATS is either servers of its own, or a server inside
// each process that has routes to the others.
package natsbus
