# `make` says what there is. Only Go is needed to build; `make test` installs the outside judges from Debian when missing.
SHELL := /bin/bash
.DEFAULT_GOAL := help
export GOFLAGS := -buildvcs=false

# The commit goes into the program where git knows it (not in an archive, nor in somebody else's folder).
STAMP := $(shell git rev-parse HEAD >/dev/null 2>&1 && echo true || echo false)
PG := $(CURDIR)/.test/postgres

help: ## say what each target does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | column -t -s'|'

demo: ## show the product: a fictional house, in a temporary directory
	@echo 'The very first build takes some minutes; each line is a package.'
	go run -v ./cmd/causerie demo

build: ## one static binary, ./causerie
	@echo 'The very first build takes some minutes; each line is a package.'
	CGO_ENABLED=0 go build -v -buildvcs=$(STAMP) -trimpath -ldflags '-s -w' -o causerie ./cmd/causerie
	@./causerie version

test: tools check ## everything: vet, staticcheck, layout, unit, both engines, browser, fuzz seeds
	scripts/test.sh ./...

quick: ## the tests that need neither PostgreSQL nor a browser
	go test ./...

check: ## formatting, vet, staticcheck
	@test -z "$$(gofmt -l cmd internal)" || { echo "gofmt would change:"; gofmt -l cmd internal; exit 1; }
	go vet ./...
	cd tools && go build -o ../.test/staticcheck honnef.co/go/tools/cmd/staticcheck
	.test/staticcheck ./...

tools: ## install what the tests need when it is missing (Debian's packages, four packages of npm)
	scripts/tools.sh

bench: tools ## the figures of docs/bench, printed side by side
	scripts/bench.sh

fuzz: ## fuzz every parser for a minute each
	scripts/fuzz.sh 60s

map: ## write the generated parts of docs/map.md again
	CAUSERIE_WRITE=1 go test ./internal/app -run TestTheMapTellsTheTruth -count=1

clean: ## end the test servers and remove what was built
	-scripts/postgres.sh stop $(PG)
	rm -rf .test causerie

.PHONY: help demo build test quick check tools bench fuzz map clean
