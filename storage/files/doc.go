// Package files keeps the bytes of blobs in a folder. It knows nothing of what they are.
package files
