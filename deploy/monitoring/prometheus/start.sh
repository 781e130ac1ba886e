#!/bin/sh
# Starts Prometheus in its container.
# Inputs: METRICS_TOKEN, empty in a demo; RUNBOOKS_URL, which Prometheus itself fills into prometheus.yml
# Result: the clone's files beside the file of the token that prometheus.yml names, on a tmpfs that nobody else reads
set -eu
umask 077

cp -R /etc/prometheus/. /run/prometheus/
printf %s "${METRICS_TOKEN:-}" >/run/prometheus/metrics-token

exec /bin/prometheus \
  --config.file=/run/prometheus/prometheus.yml \
  --storage.tsdb.path=/prometheus \
  --storage.tsdb.retention.time=31d \
  --enable-feature=exemplar-storage
