// Package modules lists what bots find beside the sandbox's library.
package modules
