// Package wholefile writes files of the data folder that only we may read.
package wholefile
