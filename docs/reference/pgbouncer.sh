#!/bin/sh
# Begins PgBouncer with the password from the environment. Pages and workers wait differently long for an answer,
# so each has a database of its own here: the limits that the desk sets itself where nobody stands between.
set -eu
page=${DESK_PAGE_SECONDS:-5}
cat >/tmp/pgbouncer.ini <<INI
[databases]
desk_pages = host=database dbname=desk pool_size=20 connect_query='SET statement_timeout = $((page * 900)); SET lock_timeout = $((page * 800)); SET idle_in_transaction_session_timeout = 60000'
desk = host=database dbname=desk pool_size=20 connect_query='SET statement_timeout = 54000; SET lock_timeout = 48000; SET idle_in_transaction_session_timeout = 60000'

[pgbouncer]
listen_addr = 0.0.0.0
listen_port = 6432
unix_socket_dir =
auth_type = scram-sha-256
auth_file = /tmp/users.txt
pool_mode = transaction
max_client_conn = 500
server_connect_timeout = 3
query_wait_timeout = 20
log_connections = 0
log_disconnections = 0
INI
(umask 077 && printf '"desk_app" "%s"\n' "$DESK_APP_PASSWORD" >/tmp/users.txt)
exec pgbouncer /tmp/pgbouncer.ini
