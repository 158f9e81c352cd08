"""The pages, as a WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

from servicedesk.database import base as database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicedesk.settings")
database.serve_pages()
application = get_wsgi_application()
