package example

import (
	"embed"
	"io/fs"
)

// OrdersHost is where the example's bot finds its order service; the gateway
// answers it with Orders, inside the process.
const OrdersHost = "orders.acme.example"

//go:embed all:acme
var acme embed.FS

// FS is the brand folder, with brand.yaml at its root.
func FS() fs.FS {
	sub, err := fs.Sub(acme, "acme")
	if err != nil { // the name is fixed above and valid
		panic(err)
	}
	return sub
}
