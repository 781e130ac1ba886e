# One tier of the edge, with its templates: `--build-arg TIER=gateway` or `TIER=balancer`.
# At start the image's entrypoint fills the environment into the templates and writes the result to conf.d (a tmpfs).

FROM nginx:1.28.0-bookworm
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
