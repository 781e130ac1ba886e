#!/bin/sh
# Starts Prometheus in its container.
# Inputs: METRICS_TOKEN, empty in a demo; RUNBOOKS_URL, where the links of the alerts lead
# Result: the clone's files, filled in, beside the file of the token that prometheus.yml names; on a tmpfs nobody else reads
set -eu
umask 077

cp -R /etc/prometheus/rules /etc/prometheus/targets /run/prometheus/
sed "s|[$]{RUNBOOKS_URL}|$RUNBOOKS_URL|" /etc/prometheus/prometheus.yml >/run/prometheus/prometheus.yml
printf %s "${METRICS_TOKEN:-}" >/run/prometheus/metrics-token

exec /bin/prometheus \
  --config.file=/run/prometheus/prometheus.yml \
  --storage.tsdb.path=/prometheus \
  --storage.tsdb.retention.time=31d \
  --enable-feature=exemplar-storage
