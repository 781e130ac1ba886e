# Both tiers of the edge. The balancer is the stage `edge`: `--build-arg TIER=balancer --target edge`. The gateway is the
# whole file, with the dashboard: `--build-arg TIER=gateway`.
# At start the image's entrypoint fills the environment into the templates and writes the result to conf.d (a tmpfs).

FROM nginx:1.28.0-bookworm AS edge
ARG TIER
# The balancer's volume takes over this folder's owner.
RUN rm -f /etc/nginx/conf.d/* && install -d -o 101 -g 101 -m 0750 /var/lib/sluice/balancer
COPY deploy/docker/edge-entrypoint.sh /usr/local/bin/
COPY nginx/docker-variables.envsh /etc/nginx/
COPY nginx/snippets /etc/nginx/snippets
COPY nginx/${TIER} /etc/nginx/templates
USER 101:101
ENTRYPOINT ["edge-entrypoint.sh"]
CMD ["nginx", "-c", "/etc/nginx/conf.d/nginx.conf", "-g", "daemon off;"]

FROM node:24.21.0-bookworm-slim AS dashboard
WORKDIR /srv/sluice
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY app/client app/client
COPY app/dashboard app/dashboard
RUN node node_modules/vite/bin/vite.js build app/dashboard

FROM edge
COPY --from=dashboard /srv/sluice/app/dashboard/dist /usr/share/sluice/dashboard
