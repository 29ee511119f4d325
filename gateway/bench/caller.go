package bench

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"
)

// caller is one kept-alive connection that posts webhooks one after the other.
type caller struct {
	*signer
	conn net.Conn
	in   *bufio.Reader
}

// answerTime is how long a provider waits for its answer.
const answerTime = 15 * time.Second

func dial(addr string, s *signer) (*caller, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("calling the gateway: %w", err)
	}
	return &caller{signer: s, conn: conn, in: bufio.NewReaderSize(conn, 4096)}, nil
}

// post sends message n and waits for its acknowledgement.
func (c *caller) post(n int64, from string) error {
	if err := c.conn.SetDeadline(time.Now().Add(answerTime)); err != nil {
		return err
	}
	if _, err := c.conn.Write(c.request(n, from)); err != nil {
		return fmt.Errorf("posting a webhook: %w", err)
	}
	status, err := readAnswer(c.in)
	if err != nil {
		return fmt.Errorf("reading the answer to a webhook: %w", err)
	}
	if status/100 != 2 {
		return fmt.Errorf("a webhook was answered %d", status)
	}
	return nil
}

func (c *caller) close() { _ = c.conn.Close() } // everything was answered

var errAnswer = errors.New("not an HTTP/1.1 answer with a length")

// readAnswer reads one answer of the gateway and gives its status.
func readAnswer(in *bufio.Reader) (int, error) {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if len(line) < 12 || !bytes.HasPrefix(line, []byte("HTTP/1.1 ")) {
		return 0, errAnswer
	}
	status, err := strconv.Atoi(string(line[9:12]))
	if err != nil {
		return 0, errAnswer
	}
	length, given := 0, status == 204
	for {
		if line, err = in.ReadSlice('\n'); err != nil {
			return 0, err
		}
		if line = bytes.TrimSpace(line); len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		if bytes.EqualFold(name, []byte("Content-Length")) {
			length, err = strconv.Atoi(string(bytes.TrimSpace(value)))
			if given = true; err != nil || length < 0 {
				return 0, errAnswer
			}
		}
	}
	if !given {
		return 0, errAnswer
	}
	_, err = in.Discard(length)
	return status, err
}
