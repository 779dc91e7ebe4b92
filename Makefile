# The whole workflow. `make demo` and `make test` set up all that they need; nothing else has to
# be installed or configured by hand.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup demo build test determinism sdk-matrix corpus lint format bench goldens docs record-demo ci clean

swift_sources := $(wildcard Sources Tests Plugins Benchmarks/Sources Benchmarks/Package.swift \
    Fuzz/Sources Fuzz/Package.swift) Package.swift

help: ## Lists the targets.
	@grep -E '^[a-z-]+:.*## ' Makefile | while IFS= read -r line; do \
		printf '  %-12s %s\n' "$${line%%:*}" "$${line#*## }"; done

setup: ## Installs what building and the example agents need.
	@scripts/setup-system
	@scripts/setup-agents
	@scripts/setup-sdks core

demo: setup build ## Storms the shipped agent, offline and without a key.
	@.build/debug/stormtape demo

build: ## Builds the command-line tool.
	@scripts/setup-system
	@scripts/build --product stormtape

test: setup ## Builds and runs every test.
	@scripts/build --build-tests
	@swift test --skip-build

# How often each program runs: those of the standard libraries, of the SDKs, of langgraph.
STD_RUNS ?= 1000
SDK_RUNS ?= 200
GRAPH_RUNS ?= 50

determinism: setup build ## Proves on many programs that runs repeat, while the machine is busy.
	@scripts/determinism --std $(STD_RUNS) --sdk $(SDK_RUNS) --graph $(GRAPH_RUNS) --load 2

sdk-matrix: setup build ## Runs every fault of the matrix against every SDK; needs 1 GB for them.
	@scripts/setup-sdks all
	@scripts/sdk-matrix

# Optimised, it takes two minutes after a long build; the tests of `make test` meet a part of it.
corpus: setup ## Proves the laws of codecs and faults on all of the recorded traffic in STORMTAPE_CORPUS.
	@swift build -c release --build-tests -Xswiftc -enable-testing --scratch-path .build/corpus
	@STORMTAPE_TOTALITY=all swift test -c release --skip-build --scratch-path .build/corpus --filter \
		'StreamSplitCorpusTests|StreamTotalityTests|WireProtocolsTests.CorpusTests|ConversationCorpusTests'

lint: ## Checks the form of the sources; changes nothing.
	@swift format lint --strict --parallel --recursive $(swift_sources)
	@grep -lE "^#!.*bash" .ci/* scripts/* $(wildcard Benchmarks/run) | xargs -n1 bash -n

format: ## Writes the sources in the one form.
	@swift format format --in-place --parallel --recursive $(swift_sources)

bench: ## Prints the benchmarks.
	@scripts/setup-system
	@scripts/setup-agents
	@Benchmarks/run

goldens: setup ## Writes the golden files and docs/FAULTS.md anew; read the difference afterwards.
	@scripts/build --build-tests
	@STORMTAPE_UPDATE_GOLDENS=1 swift test --skip-build --filter 'Golden|FaultReference|InvariantReference'

docs: goldens ## Writes what is generated of docs/ and checks the links of all of it.
	@swift test --skip-build --filter TidyTests

record-demo: ## Records the shipped cassettes again, from a real model on this machine.
	@scripts/setup-agents --record
	@$(MAKE) --no-print-directory build
	@scripts/record-demo

ci: ## What the continuous integration runs.
	@.ci/run

clean: ## Removes what was built, and the agents' environment.
	@rm -rf .build .venv .venv-graph .venv-sdks Benchmarks/.build Fuzz/.build
