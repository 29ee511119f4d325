// Package learning closes the loop between what consumers write and what a
// brand's bots understand: it collects what was not understood and what agents
// corrected, groups it with suggestions, and makes what people accept part of
// the brand's next version, if that one understands no less than the one before.
package learning
