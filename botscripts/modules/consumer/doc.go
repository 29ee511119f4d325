// Package consumer is the methods of the global object consumer: who writes, and what is known of them.
package consumer
