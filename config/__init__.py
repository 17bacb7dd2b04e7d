"""The roof: settings, urls, celery, wsgi. Wiring only; nobody imports it."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
