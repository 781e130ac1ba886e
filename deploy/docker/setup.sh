#!/bin/sh
# Makes the secrets into their volume at the first start; later starts find them and change nothing.
# Runs as uid 1000 with group 999, so that of all secrets postgres (999) can read the passwords it checks and nothing else.
# Inputs: SECRETS_DIR; DEMO, NODE_ENV and GATEWAY_BIND as docker-compose.yml uses them
set -eu

refuse() {
  echo "setup: $1" >&2
  exit 1
}

case $DEMO in
  false) ;;
  true)
    [ "$NODE_ENV" != production ] || refuse 'NODE_ENV=production refuses demo mode: set DEMO=false'
    case $GATEWAY_BIND in
      127.*) ;;
      *) refuse "GATEWAY_BIND=$GATEWAY_BIND would show demo accounts to others: set DEMO=false or GATEWAY_BIND=127.0.0.1" ;;
    esac
    ;;
  *) refuse "DEMO=$DEMO is neither true nor false" ;;
esac

node scripts/secrets.ts
chmod 0640 "$SECRETS_DIR/postgres-password" "$SECRETS_DIR/postgres-app-password"
