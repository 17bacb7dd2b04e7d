"""Settings of 轻准. Every variable of the environment that the product reads is named here or in tenants/embedded."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured

from tenants import embedded
from tenants.embedded.valkey import file_transport_options

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = embedded.data_dir(os.environ)

QZ_ENV = os.environ.get("QZ_ENV", "development")
PRODUCTION = QZ_ENV == "production"
DEBUG = False
QZ_PORT = int(os.environ.get("QZ_PORT", "8000"))
QZ_BASE_DOMAIN = os.environ.get("QZ_BASE_DOMAIN", "localhost")
QZ_TEST_CLOCK = os.environ.get("QZ_TEST_CLOCK", "0") == "1"
if PRODUCTION and QZ_TEST_CLOCK:
    raise ImproperlyConfigured("QZ_TEST_CLOCK=1 is refused when QZ_ENV=production.")

_urls = embedded.settings_urls(DATA_DIR)
SECRET_KEY = embedded.load_secrets(DATA_DIR).secret_key

# -- Web ------------------------------------------------------------------------------------------------------
ALLOWED_HOSTS = [
    QZ_BASE_DOMAIN,
    f".{QZ_BASE_DOMAIN}",
    "127.0.0.1",
    *filter(None, os.environ.get("QZ_HOSTS", "").split(",")),
]
ROOT_URLCONF = "config.urls"
PUBLIC_SCHEMA_URLCONF = "config.urls_operator"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # of form fields; files are streamed to disk and limited where received
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # a voucher of 200 lines posts some 2,000 fields
QZ_UPLOAD_LIMIT = 50 * 1024 * 1024
# Outgoing webhooks never reach private networks; a developer's own receiver may be allowed.
QZ_WEBHOOK_ALLOW_PRIVATE = not PRODUCTION and os.environ.get("QZ_WEBHOOK_ALLOW_PRIVATE", "0") == "1"
QZ_HTTPS = PRODUCTION
QZ_SCHEME = "https" if QZ_HTTPS else "http"
QZ_PUBLIC_PORT = os.environ.get("QZ_PUBLIC_PORT", "" if PRODUCTION else str(QZ_PORT))

# -- Apps: a table is shared or a company's, never both --------------------------------------------------------
SHARED_APPS = [
    "apps.billing",  # before the library, whose create_tenant is not ours
    "django_tenants",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "tenants",
]
TENANT_APPS = [
    "kernel",
    "apps.masterdata",
    "apps.inventory",
    "apps.production",
    "apps.supply",
    "apps.finance",
]
LIBRARY_APPS = [
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "template_partials",  # before django_cotton, else <c-…> is sent raw
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
]
INSTALLED_APPS = [*LIBRARY_APPS, *SHARED_APPS, *TENANT_APPS]
TENANT_MODEL = "tenants.Tenant"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_SYNC_ROUTER = "tenants.db.router.Router"
DATABASE_ROUTERS = [TENANT_SYNC_ROUTER]

MIDDLEWARE = [
    "kernel.http.middleware.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kernel.http.middleware.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "kernel.http.middleware.ErrorMiddleware",
    "tenants.middleware.HostMiddleware",
    "apps.billing.middleware.MeterApiCalls",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kernel.http.middleware.LanguageMiddleware",
    "kernel.http.middleware.WrongVerbMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kernel.http.middleware.HtmxRedirectMiddleware",
    "kernel.http.uploads.UploadLimitMiddleware",  # before anything reads the form
    "kernel.http.middleware.NoReferrerFormsMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tenants.middleware.MemberMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "template_partials.templatetags.partials",
                "django_cotton.templatetags.cotton",
                "django.templatetags.i18n",
                "kernel.templatetags.steady",
                "kernel.templatetags.qz",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "django.contrib.messages.context_processors.messages",
                "kernel.context.shell",
            ],
        },
    },
    {  # what is drawn many times a page; a page names it by {% drawn "….jinja" %}
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "jinja",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"environment": "kernel.jinja.environment"},
    },
]
COTTON_DIR = "cotton"

# -- Databases: `default` serves as the login role `app`; `admin` migrates and provisions as the owner ---------


def _database(dsn: str, **extra: object) -> dict[str, Any]:
    parts = urlsplit(dsn)
    return {
        "ENGINE": "tenants.db",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "127.0.0.1",
        "PORT": str(parts.port or 5432),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": False,
        "OPTIONS": {"server_side_binding": True, "connect_timeout": 5},
        **extra,
    }


OWNER_ROLE = os.environ.get("QZ_DB_OWNER_ROLE", "qz_owner")
# What all companies may do alike is granted to the first; the other two own, and visit, what firms exchange.
COMPANIES_ROLE = os.environ.get("QZ_DB_COMPANIES_ROLE", "qz_companies")
EXCHANGE_ROLE = os.environ.get("QZ_DB_EXCHANGE_ROLE", "qz_exchange")
GUEST_ROLE = os.environ.get("QZ_DB_GUEST_ROLE", "qz_guest")
# `company`: each works in a role of its own. `shared`: all work in COMPANIES_ROLE, which a cluster of servers wants.
TENANT_ROLES = os.environ.get("TENANT_ROLES") or "company"
if TENANT_ROLES not in ("company", "shared"):
    raise embedded.EmbeddedError(
        f"TENANT_ROLES={TENANT_ROLES} 无效，请用 company（每家企业一个数据库角色）或 shared（共用一个）。",
        f"TENANT_ROLES={TENANT_ROLES} is neither company (a database role for each company) nor shared (one for all).",
    )
DATABASES = {
    "default": _database(_urls.app_dsn),
    "admin": _database(_urls.admin_dsn, OWNER_ROLE=OWNER_ROLE, CONN_MAX_AGE=0, OPTIONS={"connect_timeout": 5}),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- Who ------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "tenants.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
SESSION_ENGINE = "tenants.sessions"
SESSION_COOKIE_NAME = "__Host-qz_session" if QZ_HTTPS else "qz_session"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = QZ_HTTPS
CSRF_COOKIE_NAME = "__Host-qz_csrf" if QZ_HTTPS else "qz_csrf"
CSRF_FAILURE_VIEW = "kernel.http.errors.csrf_failure"
LOGIN_URL = "/signin/"

# -- Cache, queue ---------------------------------------------------------------------------------------------
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _urls.cache_url,
        "KEY_FUNCTION": "tenants.cache.make_key",
    }
    if _urls.cache_url.startswith("redis")
    else {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": _urls.cache_url.removeprefix("file://"),
        "KEY_FUNCTION": "tenants.cache.make_key",
    }
}
CELERY_BROKER_URL = _urls.broker_url
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_BROKER_TRANSPORT_OPTIONS = (
    file_transport_options(DATA_DIR)
    if _urls.broker_url.startswith("filesystem")
    else {"socket_connect_timeout": 2, "max_retries": 1}
)
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
QZ_FACTS_GATHERED = timedelta(milliseconds=200)  # facts of a company that follow within this share a message

# -- Words and time -------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "qz_lang"
USE_I18N = USE_TZ = True
USE_THOUSAND_SEPARATOR = False
TIME_ZONE = "Asia/Shanghai"

# -- Files ----------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(DATA_DIR / "files")},
    },
    "staticfiles": {"BACKEND": "config.static_files.StaticFiles"},
}
if os.environ.get("QZ_S3_BUCKET"):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": os.environ["QZ_S3_BUCKET"],
            "endpoint_url": os.environ.get("QZ_S3_ENDPOINT"),
            "default_acl": "private",
        },
    }
WHITENOISE_MAX_AGE = 365 * 24 * 3600

# -- Mail -----------------------------------------------------------------------------------------------------
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if os.environ.get("QZ_SMTP_HOST")
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
EMAIL_HOST = os.environ.get("QZ_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("QZ_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("QZ_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("QZ_SMTP_PASSWORD", "")
EMAIL_USE_TLS = True
DEFAULT_FROM_EMAIL = os.environ.get("QZ_MAIL_FROM", f"轻准 <no-reply@{QZ_BASE_DOMAIN}>")

# -- Headers --------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "media-src": ["'self'", "blob:"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if QZ_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = QZ_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if QZ_HTTPS else None
X_FRAME_OPTIONS = "DENY"

# -- API ------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["kernel.api.authentication.MemberAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["kernel.api.permissions.ModuleAndRight"],
    "DEFAULT_PAGINATION_CLASS": "kernel.api.pagination.Pages",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "kernel.api.negotiation.Lenient",
    "DEFAULT_PARSER_CLASSES": ["kernel.api.parsers.WholeTextParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "kernel.api.errors.problem_response",
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,  # ?format= is ours: xlsx and csv of a list
}
SPECTACULAR_SETTINGS = {
    "TITLE": "轻准 API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
}

# -- Logs: one line an event, no tax ids, bank numbers or tokens -----------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "kernel.logs.LineFormatter"}, "json": {"()": "kernel.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json" if PRODUCTION else "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("QZ_LOG_LEVEL", "INFO")},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
    },
}
SILENCED_SYSTEM_CHECKS = [
    "auth.E003",
    "auth.W004",
]  # the e-mail's uniqueness is a constraint over its folded form
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
QZ_BANK_ACCOUNT = dict(  # where customers pay to; written once into an empty installation
    zip(
        ("name", "bank", "number"),
        os.environ.get("QZ_BANK_ACCOUNT", "请设置收款户名|请设置开户行|请设置账号").split("|"),
        strict=True,
    )
)
QZ_METRICS_FROM = os.environ.get("QZ_METRICS_FROM", "127.0.0.1").split(",")
CELERY_BEAT_SCHEDULE = {
    "sweep facts": {"task": "kernel.tasks.sweep_facts", "schedule": 600},
    "ready schemas": {"task": "kernel.tasks.refill_schemas", "schedule": 60},
    "deliver between companies": {"task": "apps.supply.tasks.sweep", "schedule": 60},
    "notices of supply": {"task": "apps.supply.tasks.send_all_notices", "schedule": 60},
    "heads of chains": {"task": "apps.supply.tasks.mail_all_heads", "schedule": crontab(hour="6", minute="30")},
    "reservations run out": {"task": "apps.inventory.tasks.free_all_reservations", "schedule": crontab(minute="15")},
    "prove the stock": {"task": "apps.inventory.tasks.prove_all_stock", "schedule": crontab(hour="2", minute="50")},
    "prove the books": {"task": "apps.finance.tasks.prove_all_books", "schedule": crontab(hour="2", minute="40")},
    "wake imports, jobs, webhooks": {"task": "kernel.tasks.wake_all", "schedule": 300},
    "purge what has had its time": {"task": "kernel.tasks.purge_all", "schedule": crontab(hour="3", minute="20")},
    "sign-ups left behind": {"task": "apps.billing.tasks.finish_signups", "schedule": 60},
    **{
        f"billing {name} {when}": {"task": "apps.billing.tasks.run_job", "schedule": when, "kwargs": {"name": name}}
        for name, when in (
            ("rollup", 60),
            ("alerts", 60),
            ("start_periods", crontab(minute="10")),
            ("finalise", crontab(minute="20")),
            ("trial_ends", crontab(hour="0", minute="5")),
            ("dunning", crontab(hour="0", minute="5")),
            ("dunning", crontab(hour="9", minute="0")),
            ("prune_keys", crontab(hour="2", minute="0")),
            ("partitions", crontab(hour="2", minute="10")),
            ("storage", crontab(hour="2", minute="20")),
            ("purge_closed", crontab(hour="3", minute="40")),
            ("invariants", crontab(hour="3", minute="0")),
        )
    },
}
