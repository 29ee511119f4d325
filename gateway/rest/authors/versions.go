package authors

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"time"

	"parley/botscripts/brandfolder"
	"parley/botscripts/check"
	"parley/engine"
	"parley/engine/versions"
	"parley/engine/versions/diff"
	"parley/engine/versions/trial"
	"parley/gateway/api"
	"parley/gateway/rest/draw"
	"parley/gateway/signin"
)

// month is how far back lists look when nobody says.
const month = 30 * 24 * time.Hour

func (s *Handlers) since(v *int64) time.Time {
	if v == nil {
		return s.Clock().Add(-month)
	}
	return time.UnixMilli(*v)
}

func by(ctx context.Context, note *string) versions.By {
	return versions.By{Actor: signin.Who(ctx).Actor(), Note: draw.Text(note)}
}

// ListVersions gives the brand's versions with their figures.
func (s *Handlers) ListVersions(ctx context.Context, r api.ListVersionsRequestObject) (api.ListVersionsResponseObject, error) {
	o, err := s.Versions.Overview(ctx, signin.Who(ctx).User.Brand, s.since(r.Params.Since), draw.UpTo(r.Params.Limit, 50))
	if err != nil {
		return nil, err
	}
	out := api.ListVersions200JSONResponse{Active: o.Brand.Version, Versions: draw.Each(o.Versions, version)}
	if c := o.Brand.Canary; c.Version != "" {
		out.Canary = &api.Canary{Version: c.Version, Share: c.Share}
	}
	return out, nil
}

// ListReleases tells what was done with the versions.
func (s *Handlers) ListReleases(ctx context.Context, r api.ListReleasesRequestObject) (api.ListReleasesResponseObject, error) {
	list, err := engine.View(ctx, s.Store, func(tx engine.Tx) ([]engine.VersionChange, error) {
		return tx.VersionChanges().List(signin.Who(ctx).User.Brand, draw.UpTo(r.Params.Limit, 50))
	})
	return api.ListReleases200JSONResponse{Releases: draw.Each(list, func(e engine.VersionChange) api.Release {
		return api.Release{Version: e.Version, Kind: api.ReleaseKind(e.Kind), Share: draw.Or(e.Share), Actor: e.Actor, Note: draw.Or(e.Note), At: draw.MS(e.At)}
	})}, err
}

// stored finds a version of the brand.
func (s *Handlers) stored(ctx context.Context, name string) (engine.Bundle, error) {
	hash, err := s.find(ctx, name)
	if err != nil {
		return engine.Bundle{}, err
	}
	return s.Versions.Bundle(ctx, signin.Who(ctx).User.Brand, hash)
}

func (s *Handlers) find(ctx context.Context, name string) (string, error) {
	return s.Versions.Find(ctx, signin.Who(ctx).User.Brand, name)
}

// GetVersion gives a version with its files.
func (s *Handlers) GetVersion(ctx context.Context, r api.GetVersionRequestObject) (api.GetVersionResponseObject, error) {
	b, err := s.stored(ctx, r.Version)
	if err != nil {
		return nil, err
	}
	out := api.GetVersion200JSONResponse{Version: b.Hash, CreatedAt: draw.MS(b.CreatedAt), Files: api.Files{}}
	if r.Params.Files == nil || *r.Params.Files {
		maps.Copy(out.Files, b.Files)
	}
	return out, nil
}

// DiffVersion tells what a version has changed.
func (s *Handlers) DiffVersion(ctx context.Context, r api.DiffVersionRequestObject) (api.DiffVersionResponseObject, error) {
	after, err := s.stored(ctx, r.Version)
	if err != nil {
		return nil, err
	}
	before, err := s.stored(ctx, cmp.Or(draw.Text(r.Params.Against), "active"))
	if err != nil {
		return nil, err
	}
	d := diff.Between(before.Files, after.Files)
	return api.DiffVersion200JSONResponse{Version: after.Hash, Against: before.Hash, Summary: d.Summary(), Files: draw.Each(d, fileDiff)}, nil
}

// PushVersion stores the files of a brand folder.
func (s *Handlers) PushVersion(ctx context.Context, r api.PushVersionRequestObject) (api.PushVersionResponseObject, error) {
	brand := signin.Who(ctx).User.Brand
	b, problems := s.usable(ctx, r.Body.Files)
	out := api.PushVersion200JSONResponse{Version: b.Bundle.Hash, Problems: draw.List(problems)}
	if len(problems) > 0 {
		return out, nil
	}
	b.Bundle.Brand = brand
	var err error
	out.Fresh, err = s.Versions.Push(ctx, b.Bundle, by(ctx, r.Body.Note))
	out.Stored = err == nil
	return out, err
}

// usable reads files that shall become a version of the brand. Nobody who
// writes a version decides what it gets of the server's environment: variables
// that the operator has not allowed are problems, and none is looked into.
func (s *Handlers) usable(ctx context.Context, files api.Files) (brandfolder.Brand, []api.Problem) {
	b, found := s.reader.FromFiles(files)
	b, refused := s.Admit(b)
	return b, s.problems(ctx, b, append(found, refused...))
}

// ActivateVersion lets new conversations run a version.
func (s *Handlers) ActivateVersion(ctx context.Context, r api.ActivateVersionRequestObject) (api.ActivateVersionResponseObject, error) {
	hash, err := s.find(ctx, r.Version)
	if err != nil {
		return nil, err
	}
	changed, err := s.Versions.Activate(ctx, signin.Who(ctx).User.Brand, hash, by(ctx, r.Body.Note))
	return api.ActivateVersion200JSONResponse{VersionNameJSONResponse: done(hash, changed)}, err
}

func done(hash string, changed bool) api.VersionNameJSONResponse {
	return api.VersionNameJSONResponse{Version: hash, Changed: changed}
}

// RollBack goes back to the last good version.
func (s *Handlers) RollBack(ctx context.Context, r api.RollBackRequestObject) (api.RollBackResponseObject, error) {
	hash, err := s.Versions.RollBack(ctx, signin.Who(ctx).User.Brand, by(ctx, r.Body.Note))
	return api.RollBack200JSONResponse{VersionNameJSONResponse: done(hash, true)}, err
}

// SetCanary tries a version on a share of new conversations.
func (s *Handlers) SetCanary(ctx context.Context, r api.SetCanaryRequestObject) (api.SetCanaryResponseObject, error) {
	hash, err := s.find(ctx, r.Body.Version)
	if err != nil {
		return nil, err
	}
	err = s.Versions.Canary(ctx, signin.Who(ctx).User.Brand, hash, r.Body.Share, by(ctx, r.Body.Note))
	return api.SetCanary200JSONResponse{VersionNameJSONResponse: done(hash, true)}, err
}

// StopCanary ends the canary.
func (s *Handlers) StopCanary(ctx context.Context, _ api.StopCanaryRequestObject) (api.StopCanaryResponseObject, error) {
	return api.StopCanary204Response{}, s.Versions.StopCanary(ctx, signin.Who(ctx).User.Brand, by(ctx, nil))
}

// ReleaseVersion allows a held version again.
func (s *Handlers) ReleaseVersion(ctx context.Context, r api.ReleaseVersionRequestObject) (api.ReleaseVersionResponseObject, error) {
	hash, err := s.find(ctx, r.Version)
	if err != nil {
		return nil, err
	}
	err = s.Versions.Release(ctx, signin.Who(ctx).User.Brand, hash, by(ctx, r.Body.Note))
	return api.ReleaseVersion200JSONResponse{VersionNameJSONResponse: done(hash, true)}, err
}

// BlastVersion says what a stored version would make of what waits.
func (s *Handlers) BlastVersion(ctx context.Context, r api.BlastVersionRequestObject) (api.BlastVersionResponseObject, error) {
	b, err := s.stored(ctx, r.Version)
	if err != nil {
		return nil, err
	}
	out, err := s.blast(ctx, b, r.Body.Sample, r.Body.Examples)
	return api.BlastVersion200JSONResponse{BlastAnswerJSONResponse: api.BlastAnswerJSONResponse(out)}, err
}

// BlastBots says what files would make of what waits.
func (s *Handlers) BlastBots(ctx context.Context, r api.BlastBotsRequestObject) (api.BlastBotsResponseObject, error) {
	b, problems := s.usable(ctx, r.Body.Files)
	if len(problems) > 0 {
		return nil, engine.FieldError("files", "cannot be used: %s", check.Problem(problems[0]))
	}
	out, err := s.blast(ctx, b.Bundle, r.Body.Sample, r.Body.Examples)
	return api.BlastBots200JSONResponse{BlastAnswerJSONResponse: api.BlastAnswerJSONResponse(out)}, err
}

func (s *Handlers) blast(ctx context.Context, b engine.Bundle, sample, examples *int) (api.Blast, error) {
	b.Brand = signin.Who(ctx).User.Brand
	rep, err := trial.Run(ctx, s.Versions, b, trial.Options{Sample: draw.UpTo(sample, 0), Examples: draw.UpTo(examples, 10)})
	return blast(rep), err
}

// TryVersion makes a link for test visitors.
func (s *Handlers) TryVersion(ctx context.Context, r api.TryVersionRequestObject) (api.TryVersionResponseObject, error) {
	hash, err := s.find(ctx, r.Version)
	if err != nil {
		return nil, err
	}
	e, err := s.Catalog.Brand(ctx, signin.Who(ctx).User.Brand)
	if err != nil {
		return nil, err
	}
	for _, ch := range e.Channels {
		if spec, _ := s.Kinds.Of(ch.Kind); !spec.Served || draw.Text(r.Body.Channel) != "" && ch.ID != *r.Body.Channel {
			continue
		}
		link, until, err := s.Draft(ch.ID, hash)
		return api.TryVersion200JSONResponse{Link: link, Until: draw.MS(until)}, err
	}
	if draw.Text(r.Body.Channel) != "" {
		return nil, engine.FieldError("channel", "is no web chat of the brand")
	}
	return nil, engine.Errorf(engine.Conflict, "The brand has no web chat to try it on.")
}

// MoveSession takes a waiting conversation off the version of its session.
func (s *Handlers) MoveSession(ctx context.Context, r api.MoveSessionRequestObject) (api.MoveSessionResponseObject, error) {
	conv, err := s.Versions.Move(ctx, signin.Who(ctx).User.Brand, r.Id, versions.Choice(r.Body.Choice), r.Body.Rev, by(ctx, r.Body.Note))
	if err != nil {
		return nil, err
	}
	out, err := draw.Conversation(ctx, s.Store, conv, s.Clock())
	return api.MoveSession200JSONResponse{ConversationAnswerJSONResponse: api.ConversationAnswerJSONResponse(out)}, err
}

// ListFaults tells where bots failed.
func (s *Handlers) ListFaults(ctx context.Context, r api.ListFaultsRequestObject) (api.ListFaultsResponseObject, error) {
	found, err := s.Versions.Faults(ctx, signin.Who(ctx).User.Brand, s.since(r.Params.Since), draw.UpTo(r.Params.Limit, 50))
	return api.ListFaults200JSONResponse{Faults: draw.Each(found, faultGroup)}, err
}

// maxMet bounds the conversations that a fault names.
const maxMet = 100

// GetFault gives one fault with the conversations that met it.
func (s *Handlers) GetFault(ctx context.Context, r api.GetFaultRequestObject) (api.GetFaultResponseObject, error) {
	g, met, err := s.Versions.Fault(ctx, signin.Who(ctx).User.Brand, r.Id, maxMet)
	return api.GetFault200JSONResponse{Fault: faultGroup(g), Conversations: draw.List(met)}, err
}

// referenceAnswer is the reference as it was generated.
type referenceAnswer []byte

func (a referenceAnswer) VisitGetReferenceResponse(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", "application/json")
	_, err := w.Write(a)
	return err
}
