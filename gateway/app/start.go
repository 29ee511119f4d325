package app

import (
	"context"
	"errors"
	"time"

	"parley/botscripts/brandfolder"
	"parley/engine"
	"parley/gateway/folder"
	"parley/gateway/signin"
)

// loadBrands pushes the brand folder that the settings name, or the bundled
// example into a store that has no other brand.
func (a *App) loadBrands(ctx context.Context) error {
	a.workers = append(a.workers, worker{"versions", a.loader.WarmAll})
	if a.opt.Folder != nil {
		_, err := a.loader.Publish(ctx, *a.opt.Folder, true)
		return err
	}
	if dir := a.opt.Config.Brand; dir != "" {
		loaded := folder.Fingerprint(dir)
		if err := a.loader.Push(ctx, dir, true); err != nil {
			var p folder.Problems
			if errors.As(err, &p) {
				p.Print(a.opt.Out)
			}
			return err
		}
		a.workers = append(a.workers, worker{"brand folder", func(ctx context.Context) error { return a.loader.Watch(ctx, dir, loaded) }})
		return a.greetBrands(ctx)
	}
	own, err := a.brands(ctx)
	if err != nil {
		return err
	}
	if len(own) > 0 {
		return a.greetBrands(ctx)
	}
	b, err := a.loader.Bundled(ctx)
	if err != nil {
		return err
	}
	b.Brand.Example = true
	// One that is held was taken out by somebody who runs another version of it.
	if _, err := a.loader.Publish(ctx, b, true); err != nil && engine.CodeOf(err) != engine.Conflict {
		return err
	}
	made, err := a.exampleAgents(ctx, b)
	if err != nil {
		return err
	}
	a.banner(b, made)
	return nil
}

// doors are what the banner tells about a real brand.
type doors struct {
	brand    engine.Brand
	channels []engine.Channel
	people   int // who may sign in
}

// brands lists the real brands; the example is none.
func (a *App) brands(ctx context.Context) (out []doors, err error) {
	err = a.Store.View(ctx, func(tx engine.Tx) error {
		all, err := tx.Brands().List()
		if err != nil {
			return err
		}
		for _, b := range all {
			if b.Example {
				continue
			}
			d := doors{brand: b}
			if d.channels, err = tx.Brands().Channels(b.ID); err != nil {
				return err
			}
			users, err := tx.Users().List(b.ID)
			if err != nil {
				return err
			}
			for _, u := range users {
				if !u.Disabled {
					d.people++
				}
			}
			out = append(out, d)
		}
		return nil
	})
	return out, err
}

func (a *App) greetBrands(ctx context.Context) error {
	list, err := a.brands(ctx)
	if err == nil {
		a.greet(list)
	}
	return err
}

// signIn is what the banner prints of an example agent.
type signIn struct {
	name, email, role string
	password          string // "" when it was made at an earlier start
	since             time.Time
}

// exampleAgents makes the example's agents that do not exist yet, with random
// passwords. Only their hashes are kept.
func (a *App) exampleAgents(ctx context.Context, b brandfolder.Brand) ([]signIn, error) {
	var out []signIn
	for _, agent := range b.Agents {
		s := signIn{name: agent.Name, email: agent.Email, role: string(agent.Role)}
		err := a.Store.View(ctx, func(tx engine.Tx) error {
			u, err := tx.Users().ByEmail(agent.Email)
			s.since = u.CreatedAt
			return err
		})
		if engine.CodeOf(err) == engine.NotFound {
			s.password = signin.NewPassword()
			err = a.Signin.AddUser(ctx, engine.User{
				Brand: b.Brand.ID, Email: agent.Email, Name: agent.Name, Role: agent.Role,
				Skills: agent.Skills, Slots: agent.Slots, AutoAccept: agent.AutoAccept,
			}, s.password)
		}
		if engine.CodeOf(err) == engine.Conflict { // another process was faster, and prints it
			s.password, s.since, err = "", a.opt.Clock(), nil
		}
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}
