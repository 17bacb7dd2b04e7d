"""Settings of the tests: as in earnest, but tasks run at once, passwords hash fast, and queries are watched."""

import atexit
import os
import shutil
import tempfile
from datetime import timedelta

# One throw-away installation a test run: workers of the same run inherit the variable and share it, the process that
# made it removes it.
if "QZ_TEST_RUN_DIR" not in os.environ:
    os.environ["QZ_TEST_RUN_DIR"] = tempfile.mkdtemp(prefix="qz-test-")
    atexit.register(shutil.rmtree, os.environ["QZ_TEST_RUN_DIR"], ignore_errors=True)
os.environ["QZ_DATA_DIR"] = os.environ["QZ_TEST_RUN_DIR"]
os.environ["QZ_ENV"] = "development"

from config.settings import *  # noqa: F403  # after the data folder is chosen; the tests run the product's own settings
from config.settings import INSTALLED_APPS, MIDDLEWARE, STORAGES  # as above

CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
QZ_FACTS_GATHERED = timedelta(0)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "KEY_FUNCTION": "tenants.cache.make_key",
    }
}
INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]
ZEAL_RAISE = True
QZ_TEST_CLOCK = True
