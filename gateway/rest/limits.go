package rest

import (
	"math"
	"reflect"
	"slices"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"parley/engine"
	"parley/gateway/api"
	"parley/gateway/rest/draw"
)

// Limits of openapi.yaml, which the generated code does not check. Lengths are
// in characters.
const (
	maxID     = 40
	maxPlace  = 64 // of a list
	maxSearch = 100
	maxText   = 5000
	maxNote   = 2000
	maxPage   = 200
	maxEvents = 500
	maxWait   = 30 // seconds

	maxReason  = 500
	maxHash    = 64
	maxChannel = 81
	maxReplay  = 1000
	maxMoment  = 1<<53 - 1     // what JavaScript counts exactly
	maxStart   = 4102444800000 // the year 2100
)

// checkLimits holds every request against the contract before its handler.
func checkLimits(next api.StrictHandlerFunc, _ string) api.StrictHandlerFunc {
	return func(c echo.Context, request any) (any, error) {
		v := reflect.ValueOf(request)
		if c.Request().ContentLength == 0 && v.FieldByName("Body").IsValid() {
			return nil, empty() // echo leaves the body zero, which looks like one
		}
		unhurried(c)
		if id := v.FieldByName("Id"); id.IsValid() && utf8.RuneCountInString(id.String()) > maxID {
			return nil, engine.Errorf(engine.NotFound, "There is no such thing.")
		}
		if err := limits(request); err != nil {
			return nil, err
		}
		return next(c, request)
	}
}

// limits checks the fields of one request.
func limits(request any) error {
	switch r := request.(type) {
	case api.CreateSessionRequestObject:
		return first(length("email", r.Body.Email, 0, 254), length("password", r.Body.Password, 0, 256))
	case api.SetPresenceRequestObject:
		return oneOf("presence", r.Body.Presence, api.Online, api.BackSoon, api.Away, api.Offline)
	case api.DismissNoticesRequestObject:
		if n := len(r.Body.N); n == 0 || n > engine.MaxNotices {
			return engine.FieldError("n", "has %d entries, not 1 to %d", n, engine.MaxNotices)
		}
	case api.ListConversationsRequestObject:
		return first(
			optionalOf("view", r.Params.View, api.ListConversationsParamsViewMine, api.ListConversationsParamsViewQueue, api.ListConversationsParamsViewAll),
			optionalOf("state", r.Params.State, api.ConversationStateOpen, api.ConversationStateClosed),
			length("search", draw.Text(r.Params.Search), 0, maxSearch),
			length("before", draw.Text(r.Params.Before), 0, maxPlace),
			within("limit", r.Params.Limit, 1, maxPage))
	case api.ListMessagesRequestObject:
		return first(length("before", draw.Text(r.Params.Before), 0, maxID), within("limit", r.Params.Limit, 1, maxPage))
	case api.ReplyRequestObject:
		return first(length("client_id", r.Body.ClientId, 8, 64), length("text", r.Body.Text, 1, maxText), length("after", r.Body.After, 0, maxID))
	case api.AddNoteRequestObject:
		return first(length("client_id", r.Body.ClientId, 8, 64), length("text", r.Body.Text, 1, maxText))
	case api.MarkReadRequestObject:
		return length("message", r.Body.Message, 0, maxID)
	case api.ListEventsRequestObject:
		return first(length("after", draw.Text(r.Params.After), 0, maxID), within("wait", r.Params.Wait, 0, maxWait), within("limit", r.Params.Limit, 1, maxEvents))
	case api.CreateTokenRequestObject:
		return first(length("name", r.Body.Name, 1, 60), oneOf("role", r.Body.Role, api.RoleAgent, api.RoleSupervisor, api.RoleAdmin))
	}
	if err := learningLimits(request); err != nil {
		return err
	}
	if err := authorLimits(request); err != nil {
		return err
	}
	return moves(request)
}

// authorLimits checks what authors of bots ask for.
func authorLimits(request any) error {
	switch r := request.(type) {
	case api.ListVersionsRequestObject:
		return first(moment("since", r.Params.Since, maxMoment), within("limit", r.Params.Limit, 1, maxPage))
	case api.ListReleasesRequestObject:
		return within("limit", r.Params.Limit, 1, maxPage)
	case api.ListFaultsRequestObject:
		return first(moment("since", r.Params.Since, maxMoment), within("limit", r.Params.Limit, 1, maxPage))
	case api.PushVersionRequestObject:
		return length("note", draw.Text(r.Body.Note), 0, maxReason)
	case api.RollBackRequestObject:
		return length("note", draw.Text(r.Body.Note), 0, maxReason)
	case api.ActivateVersionRequestObject:
		return length("note", draw.Text(r.Body.Note), 0, maxReason)
	case api.ReleaseVersionRequestObject:
		return length("note", draw.Text(r.Body.Note), 0, maxReason)
	case api.SetCanaryRequestObject:
		return first(length("version", r.Body.Version, 6, maxHash), within("share", &r.Body.Share, 1, 99), length("note", draw.Text(r.Body.Note), 0, maxReason))
	case api.DiffVersionRequestObject:
		return length("against", draw.Text(r.Params.Against), 0, maxHash)
	case api.TryVersionRequestObject:
		return length("channel", draw.Text(r.Body.Channel), 0, maxChannel)
	case api.MoveSessionRequestObject:
		return first(oneOf("choice", r.Body.Choice, api.MoveSessionJSONBodyChoiceStay, api.MoveSessionJSONBodyChoiceRestart, api.MoveSessionJSONBodyChoiceHandover), rev(r.Body.Rev), length("note", draw.Text(r.Body.Note), 0, maxReason))
	case api.BlastVersionRequestObject:
		return first(within("sample", r.Body.Sample, 0, 100_000), within("examples", r.Body.Examples, 1, 10_000))
	case api.BlastBotsRequestObject:
		return first(within("sample", r.Body.Sample, 0, 100_000), within("examples", r.Body.Examples, 1, 10_000))
	case api.TestBotsRequestObject:
		return first(length("version", draw.Text(r.Body.Version), 0, maxHash), length("match", draw.Text(r.Body.Match), 0, 200))
	case api.ReplayBotsRequestObject:
		return first(length("version", draw.Text(r.Body.Version), 0, maxHash), moment("from", r.Body.From, maxMoment), moment("until", r.Body.Until, maxMoment),
			within("limit", r.Body.Limit, 1, maxReplay), within("show", r.Body.Show, 0, 200))
	case api.SimulateBotRequestObject:
		return first(length("version", draw.Text(r.Body.Version), 0, maxHash), length("channel", draw.Text(r.Body.Channel), 0, maxChannel),
			length("bot", draw.Text(r.Body.Bot), 0, 80), length("language", draw.Text(r.Body.Language), 0, 20),
			moment("start", r.Body.Start, maxStart), moment("seed", r.Body.Seed, maxMoment))
	}
	return nil
}

func moment(field string, v *int64, most int64) error {
	if v != nil && (*v < 0 || *v > most) {
		return engine.FieldError(field, "is not between 0 and %d", most)
	}
	return nil
}

// moves checks the commands that carry a rev.
func moves(request any) error {
	switch r := request.(type) {
	case api.TakeConversationRequestObject:
		return rev(r.Body.Rev)
	case api.TransferConversationRequestObject:
		return first(rev(r.Body.Rev), length("skill", draw.Text(r.Body.Skill), 0, maxID), length("agent", draw.Text(r.Body.Agent), 0, maxID),
			length("note", r.Body.Note, 1, maxNote))
	case api.RequeueConversationRequestObject:
		return first(rev(r.Body.Rev), length("note", draw.Text(r.Body.Note), 0, maxNote))
	case api.ReturnConversationRequestObject:
		return first(rev(r.Body.Rev), length("note", draw.Text(r.Body.Note), 0, maxNote))
	case api.CloseConversationRequestObject:
		return first(rev(r.Body.Rev), length("outcome", r.Body.Outcome, 1, 60), length("summary", draw.Text(r.Body.Summary), 0, maxNote))
	}
	return nil
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func length(field, s string, least, most int) error {
	switch n := utf8.RuneCountInString(s); {
	case n < least && n == 0:
		return engine.FieldError(field, "is empty")
	case n < least:
		return engine.FieldError(field, "has fewer than %d characters", least)
	case n > most:
		return engine.FieldError(field, "has more than %d characters", most)
	}
	return nil
}

func within(field string, v *int, least, most int) error {
	if v != nil && (*v < least || *v > most) {
		return engine.FieldError(field, "is not between %d and %d", least, most)
	}
	return nil
}

func rev(v int64) error {
	if v < 0 || v == math.MaxInt64 {
		return engine.FieldError("rev", "is not a revision")
	}
	return nil
}

func oneOf[T ~string](field string, v T, all ...T) error {
	if !slices.Contains(all, v) {
		return engine.FieldError(field, "is none of %v", all)
	}
	return nil
}

func optionalOf[T ~string](field string, v *T, all ...T) error {
	if v == nil {
		return nil
	}
	return oneOf(field, *v, all...)
}

func learningLimits(request any) error {
	switch r := request.(type) {
	case api.CorrectIntentRequestObject:
		return length("intent", draw.Text(r.Body.Intent), 0, maxIntent)
	case api.JudgeToneRequestObject:
		return oneOf("tone", r.Body.Tone, engine.ToneNegative, engine.ToneNeutral, engine.TonePositive)
	case api.ListUtterancesRequestObject:
		return first(optionalOf("state", r.Params.State, api.UtteranceOpen, api.UtteranceAccepted, api.UtteranceDismissed),
			within("limit", r.Params.Limit, 1, maxPage))
	case api.AcceptUtterancesRequestObject:
		return first(length("intent", draw.Text(r.Body.Intent), 0, maxIntent), length("question", draw.Text(r.Body.Question), 0, maxQuestion),
			length("answer", draw.Text(r.Body.Answer), 0, maxAnswer))
	}
	return nil
}

const (
	maxIntent   = 80
	maxQuestion = 500
	maxAnswer   = 8000
)
