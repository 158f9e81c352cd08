# The image of web, worker, beat and the migrate job.
FROM python:3.13-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /desk
COPY requirements/production.txt requirements/production.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/production.txt
COPY . .
RUN DESK_STATIC_ROOT=/desk/staticfiles DESK_PRODUCTION=1 DESK_SECRET_KEY=only-for-collecting-static-files-0123456789 DESK_CREDENTIALS_KEYS=none \
    python -m django collectstatic --noinput --settings servicedesk.settings && useradd --system desk && install -d -o desk /anchors
USER desk
EXPOSE 8000
