# `make` alone lists the targets. Variables can be given on the command line or in the
# environment: make run REFERRAL_PORT=9401 ONCE=1

# Ports of the local suite: gRPC, and metrics over HTTP.
export REFERRAL_PORT ?= 7401
export ADVOCACY_PORT ?= 7402
export RETENTION_PORT ?= 7403
export OUTREACH_PORT ?= 7404
export REFERRAL_METRICS_PORT ?= 7411
export ADVOCACY_METRICS_PORT ?= 7412
export RETENTION_METRICS_PORT ?= 7413
export OUTREACH_METRICS_PORT ?= 7414

# Set to 1 to exit after the report.
export ONCE ?=
# Where `make run` keeps the stores; a fresh directory under var/ when empty.
export RUN_DIR ?=
# Tests that run at a time.
JOBS ?= 2
# More arguments for ctest, e.g. CTEST_ARGS='-R referral'.
CTEST_ARGS ?=

CTEST = ctest --output-on-failure --no-tests=error -j$(JOBS) $(CTEST_ARGS)
SUITE = kith-referral kith-advocacy kith-retention kith-outreach kith

.DEFAULT_GOAL := help
.PHONY: help setup build run test lint bench asan tsan format clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

setup: ## Install what is missing (Debian; as root or through sudo)
	@.ci/setup

build/%/build.ninja: CMakePresets.json | setup
	cmake --preset $* --log-level=WARNING
	@touch $@

build: setup build/dev/build.ninja ## Build everything
	cmake --build build/dev

run: setup build/dev/build.ninja ## Start the suite on the bundled data and print the report
	cmake --build build/dev --target $(SUITE)
	@clients/demo/run.sh

test: build ## Build and run all tests
	$(CTEST) --test-dir build/dev

lint: build ## Check format, clang-tidy on what changed, protos, layers
	@.ci/lint

bench: setup build/release/build.ninja ## Measure; prints a table, writes build/bench.json
	cmake --build build/release --target $(SUITE) kith_bench kith_bench_echo
	KITH_BIN=$(CURDIR)/build/release/bin KITH_SOURCE=$(CURDIR) build/release/bin/kith_bench

asan: setup build/asan/build.ninja ## Run all tests with AddressSanitizer and UBSan
	cmake --build build/asan
	$(CTEST) --test-dir build/asan -LE bench

tsan: setup build/tsan/build.ninja ## Run all tests with ThreadSanitizer
	cmake --build build/tsan
	TSAN_OPTIONS="suppressions=$(CURDIR)/tests/support/tsan.supp second_deadlock_stack=1" \
	  $(CTEST) --test-dir build/tsan -LE bench

format: ## Format the C++ sources
	git ls-files '*.cc' '*.h' | xargs -r clang-format -i

clean: ## Remove what was built and what was run
	rm -rf build var
