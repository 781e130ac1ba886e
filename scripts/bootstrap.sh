#!/bin/sh
# Everything the native engine and the tools need, before there is a Node of ours to run a script with.
#   scripts/bootstrap.sh            npm dependencies only
#   scripts/bootstrap.sh servers    nginx, redis-server and postgres too
#   scripts/bootstrap.sh browser    what the browser tests look at pages with
#   scripts/bootstrap.sh checkers   what `make lint` runs that is no npm package; Prometheus for the tests of the alerts
#   scripts/bootstrap.sh monitoring Prometheus and Alertmanager, for `make monitor`
# Installs what is missing by the system's package manager, says what and why, and leaves every service that was
# there before alone. Tried on Debian with apt; dnf, apk and brew are written from their manuals and untested.
set -eu

cd "$(dirname "$0")/.."
PATH="$PWD/node_modules/.bin:$PATH:/usr/sbin:/sbin"

say() { echo "bootstrap: $*" >&2; }
fail() {
  say "$*"
  exit 1
}

package_manager() {
  for manager in apt-get dnf apk brew; do
    if command -v "$manager" >/dev/null; then
      echo "$manager"
      return
    fi
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    sudo -n "$@"
  else
    return 77
  fi
}

# A distribution starts what it installs. invoke-rc.d asks this file first, and 101 means "not now".
# It is only put there when there is none, and taken away again whatever happens.
with_services_off() {
  policy=/usr/sbin/policy-rc.d
  if [ -e "$policy" ]; then
    "$@"
    return
  fi
  as_root sh -c "printf '#!/bin/sh\nexit 101\n' > $policy && chmod 755 $policy"
  trap 'as_root rm -f /usr/sbin/policy-rc.d' EXIT INT TERM
  status=0
  "$@" || status=$?
  as_root rm -f "$policy"
  trap - EXIT INT TERM
  return $status
}

# Debian enables them for the next boot as well; ours run without.
disable_services() {
  for service in "$@"; do
    if command -v systemctl >/dev/null; then
      as_root systemctl disable --quiet "$service" 2>/dev/null || true
    elif command -v update-rc.d >/dev/null; then
      as_root update-rc.d "$service" disable || true
    fi
  done
}

install_packages() {
  manager=$1
  shift
  case $manager in
    apt-get)
      # Lists that are a day old do; only when a package is not found are they fetched again.
      with_services_off as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends "$@" >/dev/null ||
        { as_root apt-get update -qq >/dev/null &&
          with_services_off as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends "$@" >/dev/null; }
      ;;
    dnf) as_root dnf install -y -q "$@" >&2 ;;
    apk) as_root apk add --no-cache "$@" >&2 ;;
    brew) brew install "$@" >&2 ;;
  esac
}

has_postgres() {
  command -v initdb >/dev/null && return 0
  for folder in /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin /usr/libexec/postgresql*; do
    if [ -x "$folder/initdb" ]; then return 0; fi
  done
  return 1
}

has_chromium() {
  for name in chromium chromium-browser google-chrome-stable google-chrome; do
    if command -v "$name" >/dev/null; then return 0; fi
  done
  return 1
}

# Name of a program's package: program, then apt, dnf, apk, brew.
package_of() {
  case "$1:$2" in
    npm:apt-get) echo nodejs npm ;;
    npm:dnf) echo nodejs npm ;;
    npm:apk) echo nodejs npm ;;
    npm:brew) echo node ;;
    nginx:*) echo nginx ;;
    shellcheck:dnf) echo ShellCheck ;;
    shellcheck:*) echo shellcheck ;;
    redis-server:apt-get) echo redis-server ;;
    redis-server:*) echo redis ;;
    postgres:apt-get) echo postgresql ;;
    postgres:dnf) echo postgresql-server ;;
    postgres:apk) echo postgresql ;;
    postgres:brew) echo postgresql@17 ;;
    promtool:dnf) echo golang-github-prometheus ;;
    promtool:*) echo prometheus ;;
    alertmanager:apt-get) echo prometheus-alertmanager ;;
    alertmanager:dnf) echo golang-github-prometheus-alertmanager ;;
    alertmanager:*) echo alertmanager ;;
    chromium:*) echo chromium ;;
  esac
}

is_missing() {
  case $1 in
    postgres) ! has_postgres ;;
    # Debian calls it otherwise than its makers do.
    alertmanager) ! command -v prometheus-alertmanager >/dev/null && ! command -v alertmanager >/dev/null ;;
    chromium) ! has_chromium ;;
    *) ! command -v "$1" >/dev/null ;;
  esac
}

# $1 says why, the others are programs.
require() {
  why=$1
  shift
  missing=''
  for program in "$@"; do
    if is_missing "$program"; then missing="$missing $program"; fi
  done
  [ -n "$missing" ] || return 0
  manager=$(package_manager)
  [ -n "$manager" ] || fail "missing:$missing ($why); there is no apt, dnf, apk or brew here: install them and run this again"
  packages=''
  services=''
  for program in $missing; do
    packages="$packages $(package_of "$program" "$manager")"
    case $program in
      nginx | redis-server) services="$services $program" ;;
      postgres) services="$services postgresql" ;;
      promtool) services="$services prometheus" ;;
      alertmanager) services="$services prometheus-alertmanager" ;;
    esac
  done
  say "installing$packages by $manager ($why)"
  status=0
  # shellcheck disable=SC2086 # lists of words without spaces
  install_packages "$manager" $packages || status=$?
  [ "$status" != 77 ] || fail "root is needed to install$packages: run 'sudo $manager install$packages', then this again"
  [ "$status" = 0 ] || fail "$manager could not install$packages; its words are above"
  # shellcheck disable=SC2086
  [ "$manager" != apt-get ] || disable_services $services
  for program in $missing; do
    if is_missing "$program"; then fail "$program is still missing after installing$packages: put it on PATH"; fi
  done
}

# The sum of the lock file that node_modules was made from.
stamp=node_modules/.sluice-lock-sum

install_dependencies() {
  wanted=$(cksum <package-lock.json)
  [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ] || return 0
  require 'Node, to fetch the packages of this project' npm
  if [ -d node_modules ]; then
    # `npm ci` would empty the folder under whatever is running from it.
    say 'package-lock.json has changed: bringing npm packages up to date'
    npm install --no-save --no-audit --no-fund --loglevel=error >&2 || fail 'npm install failed; its words are above'
  else
    say 'installing npm packages (about a minute the first time)'
    npm ci --no-audit --no-fund --loglevel=error >&2 || fail 'npm ci failed; its words are above'
  fi
  echo "$wanted" >"$stamp"
}

# Two targets of one `make -j` may both come here.
lock=${TMPDIR:-/tmp}/sluice-bootstrap-$(pwd | cksum | cut -d' ' -f1).lock
if command -v flock >/dev/null; then
  exec 9>"$lock"
  flock 9
fi

install_dependencies
for wanted in "$@"; do
  case $wanted in
    servers) require 'the native engine runs the servers of this machine' nginx redis-server postgres ;;
    monitoring) require 'metrics are kept and alerts are sent by the servers of this machine' promtool alertmanager ;;
    checkers)
      require 'shell scripts and nginx files are checked' shellcheck nginx
      # Not every system packages them, and everything else can be checked without.
      (require 'the alerts are tried' promtool alertmanager) || say 'tests of the alerts will be skipped'
      ;;
    browser) (require 'pages are tried in a real browser' chromium) || say 'browser tests will be skipped' ;;
    *) fail "'$wanted' is none of servers, checkers, monitoring, browser" ;;
  esac
done

# package.json and scripts/doctor/versions.ts say the same.
version=$(node --version 2>/dev/null || echo none)
major=$(echo "${version#v}" | cut -d. -f1)
minor=$(echo "${version#v}" | cut -d. -f2)
if ! [ "$major" -gt 24 ] 2>/dev/null && ! { [ "$major" -eq 24 ] && [ "$minor" -ge 12 ]; } 2>/dev/null; then
  fail "Node 24.12 or later is needed and $version is here: npm has no build of it for $(uname -sm); install it from nodejs.org"
fi
