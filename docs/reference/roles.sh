#!/bin/sh
# Runs once, when the database of docker-compose.yml is made: its three roles and the database. None is a superuser;
# the third may copy everything and change nothing.
set -eu
psql -v ON_ERROR_STOP=1 -U postgres -v owner="$DESK_OWNER_PASSWORD" -v app="$DESK_APP_PASSWORD" \
  -v backup="$DESK_BACKUP_PASSWORD" <<'SQL'
CREATE ROLE desk_owner LOGIN PASSWORD :'owner';
CREATE ROLE desk_app LOGIN PASSWORD :'app';
CREATE ROLE desk_backup LOGIN REPLICATION PASSWORD :'backup';
CREATE DATABASE desk OWNER desk_owner;
SQL
[ -z "${PGDATA:-}" ] || echo "host replication desk_backup samenet scram-sha-256" >>"$PGDATA/pg_hba.conf"
