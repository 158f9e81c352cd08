#!/bin/sh
# What docker-compose.yml asks of the official image's entry point.
set -eu
chown valkey /data
exec setpriv --reuid=valkey --regid=valkey --clear-groups "$@"
