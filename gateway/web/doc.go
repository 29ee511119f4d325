// Package web holds the built web pages: the landing page, the agents'
// workspace and the chat widget. The sources beside it are built by
// `npm ci && npm run build`; what they make is committed in dist, so the
// product builds and runs with Go alone.
package web
