# make test   everything: installs what the tests need, then runs them all
# make check  the quick loop: no browser, no long failure test
# make cluster-test  three processes on one PostgreSQL in ten minutes of trouble
# make bench  every benchmark, and the load of the whole product
# make bench-nlu  how well texts are understood, on public sets
.PHONY: test check cluster-test bench bench-nlu web generate lint tools

# Our code is always watched for races. Two libraries that only compute are not:
# SQLite, C that a machine turned into Go, and the hash of passwords. The detector
# and the pointer checks take most of their pace, and with it most of the tests' time.
# What learns texts is watched in its own tests, not where each test learns a brand anew.
# Its second of sleep at each program's end is for reports of threads that still run.
GO_TEST = GORACE=atexit_sleep_ms=10 go test -race -gcflags='modernc.org/...=-d=checkptr=0' \
	-gcflags='modernc.org/sqlite/lib=-race=false -d=checkptr=0' -gcflags='golang.org/x/crypto/argon2=-race=false' \
	-gcflags='parley/engine/understanding/nlu=-race=false'

test: tools
	$(GO_TEST) -timeout 15m ./...
	GORACE=atexit_sleep_ms=10 go test -race ./engine/understanding/nlu
	cd gateway/web && npm test
	cd gateway/web && npm run e2e

check:
	go vet ./...
	$(GO_TEST) -vet=off -short ./...

cluster-test: tools
	PARLEY_CLUSTER_SECONDS=600 $(GO_TEST) -run TestCluster -v -timeout 20m ./gateway/blackbox

bench:
	go test -run xxx -bench . -benchtime 1s ./engine/... ./botscripts/... ./storage/... ./gateway/bench
	go run . bench

NLU_DATA = ../shared/data/nlu

bench-nlu:
	@if [ -d $(NLU_DATA) ]; then \
		go run . nlu bench $(NLU_DATA)/clinc150 && \
		go run . nlu bench $(NLU_DATA)/banking77 --edits 2 && \
		go run . nlu bench $(NLU_DATA)/banking77 --shots 10; \
	else echo "There are no sets in $(NLU_DATA); set NLU_DATA to the folder of clinc150 and banking77."; fi

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
