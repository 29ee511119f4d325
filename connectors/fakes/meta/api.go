package meta

import (
	"bytes"
	"crypto/hmac"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const maxRequest = 256 << 10

// Media is a file that a consumer sent, or that the CDN has.
type Media struct {
	MIME string
	Data []byte
}

// Put keeps a file and gives the id that webhooks name and the API knows.
func (s *Server) Put(file Media) (id string) {
	id = s.id("9000")
	s.mu.Lock()
	defer s.mu.Unlock()
	s.media[id] = file
	return id
}

// ServeHTTP is the API, and the CDN below /cdn.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer "+s.cfg.Token {
		refuse(w, Refusal{Status: http.StatusUnauthorized, Code: 190, Message: "Invalid OAuth access token - Cannot parse access token"})
		return
	}
	if id, found := strings.CutPrefix(r.URL.Path, "/cdn/"); found {
		s.cdn(w, id)
		return
	}
	if proof := r.URL.Query().Get("appsecret_proof"); proof != "" && !hmac.Equal([]byte(proof), []byte(hexMAC(s.cfg.AppSecret, []byte(s.cfg.Token)))) {
		refuse(w, Refusal{Code: 100, Message: "Invalid appsecret_proof provided in the API argument", Type: "GraphMethodException"})
		return
	}
	version, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	node, path, _ := strings.Cut(rest, "/")
	s.mu.Lock()
	p := s.nodes[node]
	file, isFile := s.media[node]
	s.mu.Unlock()
	switch versioned, _ := regexp.MatchString(`^v\d+\.\d+$`, version); { // the pattern is right
	case !versioned:
		refuse(w, Refusal{Code: 2500, Message: "Unknown path components: " + r.URL.Path})
	case r.Method == http.MethodGet && isFile && path == "":
		write(w, http.StatusOK, map[string]any{
			"messaging_product": "whatsapp", "url": s.url + "/cdn/" + node, "mime_type": file.MIME, "file_size": len(file.Data), "id": node,
		})
	case p == nil:
		refuse(w, unknown(r.Method, node))
	case r.Method == http.MethodPost && path == "messages":
		s.send(w, r, node, p)
	case r.Method == http.MethodGet:
		if answer := p.about(s, node, path, r.URL.Query()); answer != nil {
			write(w, http.StatusOK, answer)
			return
		}
		refuse(w, unknown(r.Method, node))
	default:
		refuse(w, unknown(r.Method, node))
	}
}

func unknown(method, node string) Refusal {
	return Refusal{
		Type: "GraphMethodException", Code: 100, Sub: 33, Message: "Unsupported " + strings.ToLower(method) + " request. Object with ID '" + node +
			"' does not exist, cannot be loaded due to missing permissions, or does not support this operation",
	}
}

func (s *Server) cdn(w http.ResponseWriter, id string) {
	s.mu.Lock()
	file, found := s.media[id]
	s.mu.Unlock()
	if !found {
		http.Error(w, "Not found", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", file.MIME)
	w.Header().Set("Content-Length", strconv.Itoa(len(file.Data)))
	_, _ = w.Write(file.Data) // the client may have gone
}

// send takes a request to send something, and does with it what the fault says.
func (s *Server) send(w http.ResponseWriter, r *http.Request, node string, p product) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
		refuse(w, Refusal{Status: http.StatusRequestEntityTooLarge, Code: 1, Message: large.Error()})
		return
	}
	if err != nil {
		return // the client has gone
	}
	fault := s.nextFault()
	if !s.pause(r, fault.Delay) {
		return
	}
	for key, values := range fault.Header {
		w.Header()[key] = values
	}
	switch {
	case fault.DropBefore:
		panic(http.ErrAbortHandler)
	case fault.Status != 0:
		w.WriteHeader(fault.Status)
		_, _ = io.WriteString(w, fault.Body) // the client may have gone
		return
	case fault.Refuse != nil:
		refuse(w, *fault.Refuse)
		return
	case r.Header.Get("Content-Type") != "application/json" || !json.Valid(body):
		refuse(w, *Refused(100, "The request is no JSON."))
		return
	}
	m, actions, answer, refused := p.take(s, node, body)
	if refused != nil {
		refuse(w, *refused)
		return
	}
	if m != nil {
		m.Node, m.Body, m.At, m.Later = node, bytes.Clone(body), s.cfg.Now(), fault.Later
	}
	s.keep(m, actions)
	if m != nil {
		reported := s.report(p, *m, fault)
		if fault.Early {
			reported.Wait()
		}
	}
	_ = s.pause(r, fault.Slow)
	if fault.DropAfter {
		panic(http.ErrAbortHandler)
	}
	write(w, http.StatusOK, answer)
}

func (s *Server) keep(m *Message, actions []Action) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.actions = append(s.actions, actions...)
	if m != nil {
		s.sent = append(s.sent, *m)
		close(s.changed)
		s.changed = make(chan struct{})
	}
}

// pause waits, and tells whether the client is still there.
func (s *Server) pause(r *http.Request, d time.Duration) bool {
	if d == 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
	case <-s.ctx.Done():
	}
	return false
}

func refuse(w http.ResponseWriter, r Refusal) {
	status := r.Status
	if status == 0 {
		status = http.StatusBadRequest
	}
	write(w, status, r.document())
}

func write(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain maps of texts
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may have gone
}
