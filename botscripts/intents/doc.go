// Package intents reads a brand's intents.yaml: what consumers may want, each
// with sentences in which they say it, and what is trained from them.
//
//	order_status:
//	  - Where is my order?
//	  - Has my parcel been sent yet?
//	opening_hours:
//	  description: When the shop is open, also on holidays.
//	  examples:
//	    - When are you open?
//	    - Are you open on Sundays?
package intents
