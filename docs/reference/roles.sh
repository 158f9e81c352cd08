#!/bin/sh
# Runs once, when the database of docker-compose.yml is made: the two roles and the database. Neither is a superuser.
set -eu
psql -v ON_ERROR_STOP=1 -U postgres -v owner="$DESK_OWNER_PASSWORD" -v app="$DESK_APP_PASSWORD" <<'SQL'
CREATE ROLE desk_owner LOGIN PASSWORD :'owner';
CREATE ROLE desk_app LOGIN PASSWORD :'app';
CREATE DATABASE desk OWNER desk_owner;
SQL
