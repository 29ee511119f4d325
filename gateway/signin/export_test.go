package signin

// CheckWith replaces the look at a password.
func (s *Service) CheckWith(verify func(hash, password string) bool) { s.verify = verify }

const Strangers = 2 + 16 // in their lane
