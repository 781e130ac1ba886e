#!/bin/sh
# Completes the environment that nginx's templates are filled from, then hands over to the image's own entrypoint.
# Inputs: the settings of docker-compose.yml; PUBLISHED_PORT, by which browsers know the gateway
set -eu

# A demo lets in its own pages, and the dashboard's development server.
if [ "${DEMO:-false}" = true ] && [ -z "${CORS_ORIGINS:-}" ]; then
  CORS_ORIGINS="http://localhost:$PUBLISHED_PORT,http://localhost:5173"
  export CORS_ORIGINS
fi

# shellcheck source=/dev/null
. /etc/nginx/docker-variables.envsh
exec /docker-entrypoint.sh "$@"
