# make test   everything: installs what the tests need, then runs them all
# make check  the quick loop: no browser, no long failure test
# make bench  every benchmark, and the load of the whole product
.PHONY: test check bench web generate lint tools

GO_TEST = go test -race

test: tools
	$(GO_TEST) -timeout 15m ./...
	cd gateway/web && npm test
	cd gateway/web && npm run e2e

check:
	go vet ./...
	$(GO_TEST) -short ./...

bench:
	go test -run xxx -bench . -benchtime 1s ./engine/... ./botscripts/... ./storage/... ./gateway/bench
	go run . bench

# What tests need on a fresh Debian machine: a browser and the npm packages.
tools:
	.ci/install

web: tools
	cd gateway/web && npm run build

generate: tools
	cd gateway/api && go generate .
	cd gateway/web && npm run gen && npm run build

lint: tools
	test -z "$$(gofmt -l $$(git ls-files '*.go'))"
	go vet ./...
	cd tools && go build -o ../.ci/staticcheck honnef.co/go/tools/cmd/staticcheck
	.ci/staticcheck ./...
	cd gateway/web && npm run lint
