package natsbus

import (
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"time"

	"golang.org/x/crypto/argon2"
)

// nodeName is in the certificate of all nodes.
const nodeName = "node.parley.invalid"

// identity makes the TLS with which nodes know each other. Key and certificate
// follow from the secret alone, so all nodes that have it have the same ones and
// take no others, on both sides; the secret itself is never sent. The key is
// stretched, because whoever connects sees the certificate and could try secrets.
func identity(secret string) (*tls.Config, error) {
	seed := argon2.IDKey([]byte(secret), []byte("parley cluster 1"), 4, 19<<10, 1, ed25519.SeedSize)
	key := ed25519.NewKeyFromSeed(seed)
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: nodeName}, DNSNames: []string{nodeName},
		// Who has the secret is in, at any time of any clock.
		NotBefore: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, IsCA: true, BasicConstraintsValid: true,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	raw, err := x509.CreateCertificate(nil, form, form, key.Public(), key) // Ed25519 takes no chance
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(raw)
	if err != nil {
		return nil, err
	}
	known := x509.NewCertPool()
	known.AddCert(cert)
	return &tls.Config{
		MinVersion: tls.VersionTLS13, ServerName: nodeName,
		Certificates: []tls.Certificate{{Certificate: [][]byte{raw}, PrivateKey: key, Leaf: cert}},
		RootCAs:      known, ClientCAs: known, ClientAuth: tls.RequireAndVerifyClientCert,
	}, nil
}
