#!/bin/sh
# Prepares a machine for development: packages, servers, the tools of `make lint`, git hooks. Safe to run again.
set -eu

cd "$(dirname "$0")/.."
scripts/bootstrap.sh servers checkers

if [ -d .githooks ] && git rev-parse --git-dir >/dev/null 2>&1; then
  git config core.hooksPath .githooks
  echo 'setup-dev: git runs .githooks before each commit'
fi

echo 'setup-dev: ready; make run-local starts everything, make dev one replica'
