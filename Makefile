# Sluice. `make help` lists what there is; every target brings what it needs, and may be called twice.
#   PORT_BASE=22000 moves every port, so that several stacks run side by side
#   ENGINE=docker|native chooses how the stack runs

SHELL := /bin/sh
# Node 24 of node_modules comes before an older one of the machine.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH):/usr/sbin:/sbin
.DEFAULT_GOAL := help

# Names of targets are no files, and a target may not run beside itself.
.PHONY: help install run-local status logs restart stop reset doctor dev demo-purge first-admin rotate-keys import \
	monitor monitor-stop rollout rollback backup restore prove overload chaos \
	format lint type-check test test-cov run-tests-local bench bench-accounts load soak security ci-check dashboard docker-build clean setup-dev

install: ## fetch npm packages if they are missing or out of date
	@scripts/bootstrap.sh

help: ## this list
	@awk -F ':.*## ' '/^##@/ { printf "\n%s\n", substr($$0, 5) } /^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

##@ Running
run-local: install ## start everything, or mend what is down, and show where it is
	@node scripts/run-local.ts

status: install ## what runs; JSON=1 for programs
	@node scripts/status.ts

logs: install ## the latest lines of every log; S=api-1 for one
	@node scripts/logs.ts

restart: install ## drain and restart one replica after the other; S=gateway for one process
	@node scripts/restart.ts

stop: install ## stop everything; data stays
	@node scripts/stop.ts

reset: install ## stop, and erase data, secrets and logs; asks first, YES=1 does not
	@node scripts/reset.ts

monitor: install ## Prometheus and Alertmanager beside the stack, and where to look
	@node scripts/monitor.ts

monitor-stop: install ## end them; what they measured stays
	@node scripts/monitor.ts --stop

doctor: install ## what is wrong on this machine, and the exact fix
	@node scripts/doctor.ts

dev: install ## one replica without the edge, restarted at each change, with its own Postgres and Redis
	@node scripts/dev.ts

demo-purge: install ## remove the demo accounts, keys and data
	@node scripts/on-stack.ts scripts/demo-purge.ts

first-admin: install ## make the first admin and print a password, once; EMAIL=ann@example.org NAME=Ann
	@node scripts/on-stack.ts scripts/first-admin.ts "$(EMAIL)" "$(or $(NAME),Admin)"

rotate-keys: install ## sign access tokens with a new key; nobody is signed out
	@node scripts/on-stack.ts scripts/rotate-keys.ts

import: install ## read users, resources or items: RESOURCE=items FILE=scripts/samples/items.csv
	@node scripts/on-stack.ts scripts/import.ts --resource "$(RESOURCE)" "$(FILE)"

rollout: install ## new code on one replica after the other, no request lost; RELEASE=<commit>, else the clone
	@node scripts/rollout.ts

rollback: install ## the code that ran before the latest rollout
	@node scripts/rollout.ts --back

canary: install ## new code on one replica with a part of the traffic: WEIGHT=10 [RELEASE=…], then PROMOTE=1 or WITHDRAW=1
	@node scripts/canary.ts

backup: install ## the database into a file while it runs; FILE=…
	@node scripts/backup.ts

restore: install ## a backup in the place of the database: FILE=… YES=1
	@node scripts/restore.ts

##@ Checking
format: install ## write every file in the one format
	@biome check --write --linter-enabled=false .

lint: install ## Biome, unused code, nginx -t, shellcheck
	@scripts/bootstrap.sh checkers
	@node scripts/lint.ts

type-check: install ## the TypeScript compiler, without output
	@tsc --noEmit --project .
	@tsc --noEmit --project app/dashboard

test: install ## every test but the slow ones, on servers of their own
	@node scripts/test.ts

test-cov: install ## the same with coverage; the kernel must reach 100 %
	@node scripts/test.ts --coverage

run-tests-local: install ## the system tests, on the running stack
	@node scripts/test.ts --running system

prove: install ## measure the promises on stacks of its own; ONLY=P5 JSON=1
	@node scripts/prove.ts

overload: install ## goodput against offered load, 0.5 to 5 times capacity, as a table and a chart
	@node scripts/overload.ts

chaos: install ## random faults under mixed load: MINUTES=10 SEED=7; what clients saw is judged at the end
	@node scripts/chaos.ts

bench: install ## what a request costs against a floor beside it; ONLY=cached_get JSON=1
	@node scripts/bench.ts

bench-accounts: install ## what accounts cost: a known credential, sign-ins, refusals side by side, a sign-out on other replicas
	@node tests/load/accounts.ts

load: install ## a load on what runs: SCENARIO=smoke|steady|spike|soak|stress TARGET=http://…
	@node scripts/load.ts

soak: install ## memory of the replicas under a long load; SCALE=10 for ten times as long
	@ONLY=memory SCALE=$${SCALE:-5} node scripts/bench.ts

security: install ## known vulnerabilities, lock file, secrets, licences
	@node scripts/security.ts

ci-check: install ## everything CI checks
	@node scripts/ci-check.ts

##@ Building
dashboard: install ## build the dashboard; run-local does it when it has changed
	@node scripts/dashboard.ts

docker-build: install ## build the images
	@node scripts/docker-build.ts

setup-dev: ## prepare a machine for development, git hooks included
	@scripts/setup-dev.sh

clean: ## remove what can be made again; data and node_modules stay
	@rm -rf coverage dist .tap/report .tap/coverage .tap/test-results app/dashboard/dist
