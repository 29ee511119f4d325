package office

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"parley/engine"
	"parley/gateway/wholefile"
)

// keyFile is where a server leaves the way to it.
const keyFile = "admin.json"

const (
	maxRequest = 64 << 10
	patience   = 20 * time.Second // for one request; hashing a password takes its time
)

// way is how to reach a server that has the data folder.
type way struct {
	Addr string `json:"addr"`
	Key  string `json:"key"`
}

// request is one thing to do; exactly one is set.
type request struct {
	AddUser     *User    `json:"add_user,omitempty"`
	NewPassword *string  `json:"new_password,omitempty"` // an e-mail
	Disable     *disable `json:"disable,omitempty"`
	CreateToken *Token   `json:"create_token,omitempty"`
	RevokeToken *revoke  `json:"revoke_token,omitempty"`
	Erase       *erase   `json:"erase,omitempty"`
}

type disable struct {
	Email    string `json:"email"`
	Disabled bool   `json:"disabled"`
}

type revoke struct {
	Brand string `json:"brand"`
	ID    string `json:"id"`
}

type erase struct {
	Brand string `json:"brand"`
	Who   string `json:"who"`
}

// response is what came of a request.
type response struct {
	Added   Added       `json:"added,omitzero"`
	Made    Made        `json:"made,omitzero"`
	Erased  Erased      `json:"erased,omitzero"`
	Code    engine.Code `json:"code,omitempty"`
	Field   string      `json:"field,omitempty"`
	Message string      `json:"message,omitempty"`
}

// Door is the way to a server's office, for programs on its machine that may
// read the data folder.
type Door struct {
	file   string
	way    []byte // what is in it
	server *http.Server
	done   chan struct{}
}

// Open lets programs in until Close.
func Open(dir string, office Office) (*Door, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails
	w := way{Addr: listener.Addr().String(), Key: hex.EncodeToString(raw)}
	d := &Door{file: filepath.Join(dir, keyFile), way: engine.JSON(w), done: make(chan struct{})}
	d.server = &http.Server{Handler: handler(w.Key, office), ReadTimeout: patience, WriteTimeout: patience, MaxHeaderBytes: 8 << 10}
	if err := wholefile.Write(d.file, d.way); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	go func() {
		defer close(d.done)
		_ = d.server.Serve(listener) // ends with Close
	}()
	return d, nil
}

// Close lets nobody in any more. The way of another server, which came to the folder
// later, stays.
func (d *Door) Close() error {
	err := d.server.Close()
	<-d.done
	left, rerr := os.ReadFile(d.file)
	if rerr == nil && bytes.Equal(left, d.way) {
		rerr = os.Remove(d.file)
	}
	if rerr != nil && !errors.Is(rerr, fs.ErrNotExist) {
		err = errors.Join(err, rerr)
	}
	return err
}

// handler answers who knows the key. A browser has no way to: it is asked for
// nothing that a page of another site may send.
func handler(key string, office Office) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		if r.Method != http.MethodPost || r.Header.Get("Origin") != "" || subtle.ConstantTimeCompare([]byte(given), []byte(key)) != 1 {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		var q request
		d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxRequest))
		d.DisallowUnknownFields()
		var out response
		err := d.Decode(&q)
		if err == nil {
			out, err = do(r.Context(), office, q)
		} else {
			err = engine.Errorf(engine.Invalid, "the request is not understood: is the server of another version?")
		}
		if err != nil {
			out = response{Code: engine.CodeOf(err), Message: engine.MessageOf(err)}
			var e *engine.Error
			if errors.As(err, &e) {
				out.Field = e.Field
			}
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(out) // the other end is gone when this fails
	})
}

func do(ctx context.Context, office Office, q request) (out response, err error) {
	switch {
	case q.AddUser != nil:
		out.Added, err = office.AddUser(ctx, *q.AddUser)
	case q.NewPassword != nil:
		out.Added, err = office.NewPassword(ctx, *q.NewPassword)
	case q.Disable != nil:
		err = office.Disable(ctx, q.Disable.Email, q.Disable.Disabled)
	case q.CreateToken != nil:
		out.Made, err = office.CreateToken(ctx, *q.CreateToken)
	case q.RevokeToken != nil:
		err = office.RevokeToken(ctx, q.RevokeToken.Brand, q.RevokeToken.ID)
	case q.Erase != nil:
		out.Erased, err = office.Erase(ctx, q.Erase.Brand, q.Erase.Who)
	default:
		err = engine.Errorf(engine.Invalid, "the request is empty")
	}
	return out, err
}

// Client is the office of the server that has the data folder.
type Client struct {
	way  way
	http *http.Client
}

var _ Office = (*Client)(nil)

// Find gives the office of the server that runs on a data folder. NotFound when
// no server has left a way to it.
func Find(dir string) (*Client, error) {
	file := filepath.Join(dir, keyFile)
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, engine.Errorf(engine.NotFound, "no server has left a way to it in %s", dir)
	}
	var w way
	if err == nil {
		err = json.Unmarshal(data, &w)
	}
	host, _, perr := net.SplitHostPort(w.Addr)
	if ip := net.ParseIP(host); err == nil && (perr != nil || ip == nil || !ip.IsLoopback()) {
		err = errors.New("it names no address of this machine")
	}
	if err != nil {
		return nil, engine.Errorf(engine.Unavailable, "%s cannot be used: %v", file, err)
	}
	return &Client{way: w, http: &http.Client{Timeout: patience, Transport: &http.Transport{Proxy: nil, DisableKeepAlives: true}}}, nil
}

func (c *Client) ask(ctx context.Context, q request) (out response, err error) {
	body, err := json.Marshal(q)
	if err != nil {
		return out, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+c.way.Addr+"/", bytes.NewReader(body))
	if err != nil {
		return out, err
	}
	r.Header.Set("Authorization", "Bearer "+c.way.Key)
	resp, err := c.http.Do(r)
	if err != nil {
		return out, engine.Errorf(engine.Unavailable, "the server that has the data folder does not answer").Because(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return out, engine.Errorf(engine.Unavailable, "the server that has the data folder does not know this program")
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxRequest)).Decode(&out); err != nil {
		return out, engine.Errorf(engine.Unavailable, "the server's answer is not understood").Because(err)
	}
	if out.Code != "" {
		e := engine.Errorf(out.Code, "%s", out.Message)
		e.Field = out.Field
		return out, e
	}
	return out, nil
}

// AddUser makes a user with a password.
func (c *Client) AddUser(ctx context.Context, u User) (Added, error) {
	out, err := c.ask(ctx, request{AddUser: &u})
	return out.Added, err
}

// NewPassword replaces somebody's password.
func (c *Client) NewPassword(ctx context.Context, email string) (Added, error) {
	out, err := c.ask(ctx, request{NewPassword: &email})
	return out.Added, err
}

// Disable refuses somebody from now on, or allows them again.
func (c *Client) Disable(ctx context.Context, email string, disabled bool) error {
	_, err := c.ask(ctx, request{Disable: &disable{email, disabled}})
	return err
}

// CreateToken makes an API token.
func (c *Client) CreateToken(ctx context.Context, t Token) (Made, error) {
	out, err := c.ask(ctx, request{CreateToken: &t})
	return out.Made, err
}

// RevokeToken ends a token.
func (c *Client) RevokeToken(ctx context.Context, brand, id string) error {
	_, err := c.ask(ctx, request{RevokeToken: &revoke{brand, id}})
	return err
}

// Erase forgets a consumer.
func (c *Client) Erase(ctx context.Context, brand, who string) (Erased, error) {
	out, err := c.ask(ctx, request{Erase: &erase{brand, who}})
	return out.Erased, err
}
