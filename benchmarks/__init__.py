"""The promises on speed, measured: `python -m benchmarks.<name>`. Each run makes and removes its own installation."""

import os
import tempfile

import django

# Settings read the data folder when they are imported, so it is chosen here, before anything else of the product.
os.environ["QZ_DATA_DIR"] = tempfile.mkdtemp(prefix="qz-bench-")
os.environ["QZ_ENV"] = "development"
os.environ["BROKER_URL"] = "memory://"  # facts are told, nobody listens: workers are not what is measured
for name in ("DATABASE_URL", "DATABASE_ADMIN_URL", "CACHE_URL"):
    os.environ.pop(name, None)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("QZ_LOG_LEVEL", "WARNING")
django.setup()
