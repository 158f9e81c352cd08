# The image of web, worker, beat and the migrate job.
FROM python:3.13-slim
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
