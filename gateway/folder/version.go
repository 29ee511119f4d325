package folder

import (
	"fmt"

	"parley/botscripts/brandfolder"
	"parley/engine"
	"parley/engine/versions"
	"parley/gateway/secrets"
)

// Reader tells what the brand.yaml of a bundle says, where the variables that it
// names are allowed and set. Invalid when it cannot be used.
func Reader(v *secrets.Vault) versions.Reader {
	return func(b engine.Bundle) (versions.Version, error) { return readVersion(v, b) }
}

func readVersion(v *secrets.Vault, b engine.Bundle) (versions.Version, error) {
	got, problems := BrandReader(brandfolder.Assumed).FromFiles(b.Files)
	got, more := v.Admit(got)
	if problems = append(problems, more...); len(problems) > 0 {
		more := ""
		if len(problems) > 1 {
			more = fmt.Sprintf(" (and %d more problems)", len(problems)-1)
		}
		return versions.Version{}, engine.Errorf(engine.Invalid, "The version cannot be used here: %s%s", problems[0], more)
	}
	return versionOf(got), nil
}

func versionOf(b brandfolder.Brand) versions.Version {
	return versions.Version{Brand: b.Brand, Channels: b.Channels, Skills: b.Skills, Bundle: b.Bundle}
}
