# The application image: replicas, migrations, seed and set-up are the same files with another command.
# Written for the classic builder too (no RUN --mount, no COPY --chmod), so that docker-compose 1.29 can build it.

FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /srv/sluice
COPY package.json package-lock.json ./
# No package needs an install script here: @node-rs/argon2 comes prebuilt, and our own `prepare` is for the tests.
# node-linux-* brings Node 24 to hosts with an older one; this image is Node 24 already, and 120 MB lighter without.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
 && rm -rf node_modules/node-linux-* node_modules/.bin \
 && node --eval "require('@node-rs/argon2')"

FROM node:24.21.0-bookworm-slim
WORKDIR /srv/sluice
# An empty volume takes over the owner and mode of the folder it is mounted on. So the set-up service prepares the
# volumes without root: 1000 is `node` here, 999 is `postgres` and `redis` in their images.
RUN install -d -o 1000 -g 999 -m 0750 /var/lib/sluice/secrets \
 && install -d -o 999 -g 999 -m 0700 /var/lib/sluice/postgres
COPY --from=dependencies /srv/sluice/node_modules node_modules
COPY package.json ./
COPY redis redis
COPY scripts scripts
COPY app app
COPY deploy/docker/setup.sh deploy/docker/
# As natively (scripts/engine/process-table.ts); the old generation is bounded by the container's memory.
ENV NODE_OPTIONS=--max-semi-space-size=16
USER 1000:1000
CMD ["node", "app/main.ts"]
