#!/bin/sh
# Completes the environment that nginx's templates are filled from, then hands over to the image's own entrypoint.
# `edge-entrypoint.sh share <line>…` in the running balancer writes its shares down and takes them up without a lost request.
# Inputs: the settings of docker-compose.yml; PUBLISHED_PORT, by which browsers know the gateway
set -eu

# Assignments of `make canary` over those of docker-compose.yml; in a volume, so that they outlive the container.
shares=/var/lib/sluice/balancer/shares.sh
is_reload=false
if [ "${1:-}" = share ]; then
  shift
  printf '%s\n' "$@" > "$shares.next"
  mv "$shares.next" "$shares"
  is_reload=true
fi

# A demo lets in its own pages, and the dashboard's development server.
if [ "${DEMO:-false}" = true ] && [ -z "${CORS_ORIGINS:-}" ]; then
  CORS_ORIGINS="http://localhost:$PUBLISHED_PORT,http://localhost:5173"
  export CORS_ORIGINS
fi

# shellcheck source=/dev/null
. /etc/nginx/docker-variables.envsh
# shellcheck source=/dev/null
[ ! -f "$shares" ] || . "$shares"

if [ "$is_reload" = true ]; then
  # The image's entrypoint fills the templates in whenever it is to start nginx, also for a mere check.
  /docker-entrypoint.sh nginx -q -t -c /etc/nginx/conf.d/nginx.conf
  exec nginx -c /etc/nginx/conf.d/nginx.conf -s reload
fi
exec /docker-entrypoint.sh "$@"
