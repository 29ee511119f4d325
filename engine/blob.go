package engine

import (
	"context"
	"io"
	"time"
)

// BlobState says what is known of a file's bytes.
type BlobState string

const (
	BlobWaiting BlobState = "waiting" // they are being fetched
	BlobReady   BlobState = "ready"   // they are kept
	BlobRefused BlobState = "refused" // there are none to have; Reason says why
	BlobGone    BlobState = "gone"    // they are to be removed, and the row after them
)

// Blob is a file that people or bots sent: what is known of it, and where its bytes come from.
type Blob struct {
	ID           string
	Brand        string
	Channel      string // by which it came; "" of an agent's
	Conversation string // with the next two "" until a message has it
	Message      string
	Place        int    // in the message's media
	Owner        string // who uploaded it: a visitor's address, "agent:ID"; "" of what came with a message
	State        BlobState
	Reason       string // why it was refused, in words
	Source       Media  // of what is fetched: how its provider names it
	Kind         string // as Media has it, of what the bytes are
	MIME         string // as sniffed
	Name         string
	Size         int64
	SHA256       string // of the bytes that are kept, in hex
	Width        int    // of a picture
	Height       int
	Preview      bool // a smaller picture is kept beside it
	// DueAt is when its worker has something to do with it: fetch it, or remove it when no
	// message took it; zero for never.
	DueAt     time.Time
	Attempt   int // times that it was claimed: who holds an older number has lost it
	CreatedAt time.Time
}

// Names of a blob's bytes among the Files.
const (
	FileOriginal = ""
	FilePreview  = "preview"
)

// Files keeps the bytes of blobs. Safe for concurrent use, also of several processes.
type Files interface {
	// Put keeps what is read until its end, in the place of what was there: all of it, on
	// disk, or nothing. It gives the number of bytes. Errors are those of the reader, and
	// Unavailable.
	Put(ctx context.Context, b Blob, part string, from io.Reader) (int64, error)
	// Open gives the bytes; who calls closes them. NotFound when there are none.
	Open(ctx context.Context, b Blob, part string) (File, error)
	// Remove drops all of a blob's bytes; none is no error.
	Remove(ctx context.Context, b Blob) error
}

// File is bytes that are read at any place.
type File interface {
	io.ReadSeekCloser
}

// Blobs are what is known of files.
type Blobs interface {
	Add(Blob) error // wakes TopicMedia when it is due
	Get(brand, id string) (Blob, error)
	// Save writes b when its Attempt is the stored one, else Conflict; wakes as Add.
	Save(Blob) error
	// Claim gives the longest due to the caller alone, until then: it sets their DueAt and
	// counts their Attempt. It gives them by id. Two updates at once are not given the same ones.
	Claim(now, until time.Time, limit int) ([]Blob, error)
	Next() (time.Time, error) // when the first is due, zero when none is
	// Of lists a conversation's by id.
	Of(brand, conversation string) ([]Blob, error)
	// Loose is how many an owner has that no message took, and their size.
	Loose(brand, owner string) (count int, size int64, err error)
	Remove(brand, id string) error
	// Show sets the media of a message's content.
	Show(brand, message string, media []Media) error
}
