package dialog

import (
	"context"
	"time"

	"parley/engine"
)

// VisitDue is Visit for callers that keep the time themselves. It also says
// when what the conversation holds back, such as a burst of messages that may
// go on, is due; zero when it holds back nothing.
func (w *Worker) VisitDue(ctx context.Context, ref engine.ConversationRef) (time.Time, error) {
	return w.visit(ctx, ref, nil)
}
