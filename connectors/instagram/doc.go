// Package instagram connects a professional account of Instagram: its direct messages.
package instagram
