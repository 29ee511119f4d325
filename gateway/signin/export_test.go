package signin

// CheckWith replaces the look at a password.
func (s *Service) CheckWith(verify func(hash, password string) bool) { s.verify = verify }

// Tracked is the size of the largest of what the throttle remembers.
func (s *Service) Tracked() int {
	t := s.throttle
	return max(t.pairs.order.Len(), t.accounts.order.Len(), t.networks.order.Len(), t.known.order.Len())
}

const (
	Strangers  = 2 + 16 // in their lane
	MaxTracked = maxTracked
)
