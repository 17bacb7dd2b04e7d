"""WSGI entry point; company state lives on the thread's connection, so no ASGI and no green threads."""

import gc
import os

import redis  # noqa: F401  # with the pages below, for the same reason: the cache loads it when it is first asked
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
# Before the server forks: with the first request each of its processes would load all pages for itself.
for _urlconf in (settings.ROOT_URLCONF, settings.PUBLIC_SCHEMA_URLCONF):
    get_resolver(_urlconf).url_patterns  # noqa: B018  # asking for them loads them
# What is loaded stays to the end: neither the collector of a busy process nor its farewell need walk through it.
gc.collect()
gc.freeze()
