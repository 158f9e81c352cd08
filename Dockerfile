# PgBouncer beside the PostgreSQL it belongs to, from the same packages. Its settings: docs/reference/pgbouncer.sh.
FROM docker.io/library/postgres:18 AS pgbouncer
RUN apt-get update && apt-get install -y --no-install-recommends pgbouncer && rm -rf /var/lib/apt/lists/*
USER postgres
ENTRYPOINT []
EXPOSE 6432

# The worker that copies the database, with PostgreSQL's own programs beside the desk.
FROM docker.io/library/postgres:18 AS backup
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /desk
RUN apt-get update && apt-get install -y --no-install-recommends python3-venv && rm -rf /var/lib/apt/lists/* \
    && python3 -m venv /venv
COPY requirements/production.txt requirements/production.txt
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/production.txt
COPY . .
RUN install -d -o postgres -g postgres -m 0700 /backups
USER postgres
ENTRYPOINT []

# The image of web, the other workers, beat and the jobs.
FROM docker.io/library/python:3.13-slim AS desk
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /desk
COPY requirements/production.txt requirements/production.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/production.txt
COPY . .
# What stays outside the image stands in .dockerignore. Collecting files needs no secrets and is the one command that runs without.
RUN DESK_STATIC_ROOT=/desk/staticfiles DESK_PRODUCTION=1 \
    python -m django collectstatic --noinput --settings servicedesk.settings && useradd --system desk && install -d -o desk /anchors
USER desk
EXPOSE 8000
