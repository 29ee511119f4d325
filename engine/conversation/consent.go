package conversation

import "parley/engine"

// OptedOut says whether the consumer at an address wants no messages on a channel.
func OptedOut(tx engine.Tx, brand, channel, address string) (bool, error) {
	c, err := tx.Consumers().Consent(brand, channel, address)
	return c.OptedOut, engine.UnlessGone(err)
}
