"""All settings, from the environment, strict. Secrets come from files (`NAME_FILE`) or from the variable itself.

TERANG_ENV is development, test or production (the default). Production refuses to start insecurely.
"""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def secret(name: str, default: str | None = None) -> str:
    """A secret from the file named by NAME_FILE, else from NAME."""
    path = env.str(f"{name}_FILE", default="")
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    value = env.str(name, default=default)
    if value is None:
        raise ImproperlyConfigured(f"Set {name}_FILE or {name}.")
    return value


MODE = env.str("TERANG_ENV", default="production")
if MODE not in {"development", "test", "production"}:
    raise ImproperlyConfigured("TERANG_ENV must be development, test or production.")
PRODUCTION = MODE == "production"

SECRET_KEY = secret("SECRET_KEY")
VAULT_KEYS_FILE = env.str("VAULT_KEYS_FILE", default="")
LOOKUP_KEY_FILE = env.str("LOOKUP_KEY_FILE", default="")
VAULT_KEY_SERVICE = env.str("VAULT_KEY_SERVICE", default="core.vault.FileKeyService")
DEBUG = False
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = [BASE_URL]
DEMO = env.bool("DEMO", default=not PRODUCTION)
MAILBOX = env.bool("MAILBOX", default=not PRODUCTION)
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

if PRODUCTION:
    if len(SECRET_KEY) < 50:
        raise ImproperlyConfigured("SECRET_KEY is too short.")
    if not BASE_URL.startswith("https://"):
        raise ImproperlyConfigured("BASE_URL must begin with https:// in production.")
    if "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts.")
    if MAILBOX:
        raise ImproperlyConfigured("MAILBOX shows one-time codes to everybody and is for development only.")
    if not (VAULT_KEYS_FILE or VAULT_KEY_SERVICE != "core.vault.FileKeyService") or not LOOKUP_KEY_FILE:
        raise ImproperlyConfigured("VAULT_KEYS_FILE and LOOKUP_KEY_FILE are required in production.")

INSTALLED_APPS = [
    "modeltranslation",
    "config.apps.OperatorsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "config.apps.HouseConfig",
    "core",
    "accounts",
    "organizations",
    "recruitment",
    "grievances",
    "returnees",
    "training",
    "notifications",
    "reports",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.RequestIdMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "config.middleware.SessionMiddleware",
    "config.middleware.LanguageMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.middleware.PresenceMiddleware",
    "config.middleware.SignInMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.TenantMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
            "builtins": ["config.templatetags.terang", "django.templatetags.i18n"],
        },
    },
]

# The login role owns nothing; the owner is for migrations and reference data. Transactions are opened by core.tenancy.
_POOL = {"min_size": 1, "max_size": env.int("DATABASE_POOL", default=8), "timeout": 5}
_WEB_OPTIONS = "-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000"
DATABASES = {
    "default": {**env.db("DATABASE_URL"), "ENGINE": "django.db.backends.postgresql", "CONN_HEALTH_CHECKS": True},
    "owner": {**env.db("DATABASE_OWNER_URL", default=env.str("DATABASE_URL")), "ENGINE": "django.db.backends.postgresql"},
}
DATABASES["default"]["OPTIONS"] = {"options": env.str("DATABASE_OPTIONS", default=_WEB_OPTIONS)}
if MODE != "test":
    DATABASES["default"]["OPTIONS"]["pool"] = _POOL
DATABASE_ROUTERS = ["config.routers.OwnerMigrates"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "config.cache.RedisWithSpare",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 0.5},
            "KEY_PREFIX": "terang",
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default=REDIS_URL or "memory://")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    "socket_timeout": 1,
    "socket_connect_timeout": 0.5,
    "max_retries": 0,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_TIME_LIMIT = 110
CELERY_TASK_SOFT_TIME_LIMIT = 100
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "core.tasks.sweep", "schedule": 10.0},
    "expire_permits": {"task": "organizations.tasks.expire_permits", "schedule": 30.0},
    "warn_of_endings": {"task": "organizations.tasks.warn_of_endings", "schedule": 6 * 3600.0},
    "forget_unproved": {"task": "accounts.tasks.forget_unproved", "schedule": 6 * 3600.0},
    "forget_submissions": {"task": "core.tasks.forget_submissions", "schedule": 3600.0},
    "reconcile_files": {"task": "core.tasks.reconcile_files", "schedule": 24 * 3600.0},
    "refresh_facets": {"task": "recruitment.tasks.refresh_facets", "schedule": 60.0},
    "sweep_registers": {"task": "organizations.tasks.sweep_registers", "schedule": 10.0, "options": {"expires": 10}},
    "sweep_imports": {"task": "recruitment.tasks.sweep_imports", "schedule": 10.0, "options": {"expires": 10}},
    "send_webhooks": {"task": "notifications.tasks.send_webhooks", "schedule": 10.0, "options": {"expires": 10}},
    "forget_webhooks": {"task": "notifications.tasks.forget_webhooks", "schedule": 24 * 3600.0},
    "sweep_reports": {"task": "reports.tasks.sweep_reports", "schedule": 10.0, "options": {"expires": 10}},
    "run_schedules": {"task": "reports.tasks.run_schedules", "schedule": 60.0, "options": {"expires": 60}},
    "expire_reports": {"task": "reports.tasks.expire_reports", "schedule": 600.0},
    "publish_pending": {"task": "recruitment.tasks.publish_pending", "schedule": 300.0},
    "sweep_fan_outs": {"task": "notifications.tasks.sweep_fan_outs", "schedule": 10.0, "options": {"expires": 10}},
    "sweep_deliveries": {"task": "notifications.tasks.sweep_deliveries", "schedule": 10.0, "options": {"expires": 10}},
    "make_digests": {"task": "notifications.tasks.make_digests", "schedule": 60.0, "options": {"expires": 60}},
    "forget_notices": {"task": "notifications.tasks.forget_notices", "schedule": 24 * 3600.0},
    "publish_figures": {"task": "reports.tasks.publish_figures", "schedule": 3600.0},
}

NOTICE_KEEP_DAYS = 365  # after it was read
DELIVERY_KEEP_DAYS = 183

# How many working days a regulator here gives itself for an answer; the law's own terms may be longer.
REVIEW_WORKING_DAYS = {"registration": 5, "permit": 5, "person": 3, "contact": 3, "job_order": 3}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "me"

LANGUAGE_CODE = "en"
LANGUAGES = [("vi", "Tiếng Việt"), ("id", "Bahasa Indonesia"), ("en", "English"), ("ja", "日本語")]
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("en",)
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(BASE_DIR / "var" / "media"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # Compressing all of the admin's and the API page's files takes a minute: only for production.
        "BACKEND": {
            "test": "django.contrib.staticfiles.storage.StaticFilesStorage",
            "development": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
            "production": "whitenoise.storage.CompressedManifestStaticFilesStorage",
        }[MODE]
    },
}
if env.str("S3_BUCKET", default=""):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env.str("S3_BUCKET"),
            "endpoint_url": env.str("S3_ENDPOINT", default="") or None,
            "access_key": secret("S3_ACCESS_KEY", ""),
            "secret_key": secret("S3_SECRET_KEY", ""),
            "default_acl": "private",
        },
    }
FILE_UPLOAD_HANDLERS = ["core.files.receiving.BoundedUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
EVIDENCE_QUOTA = env.int("EVIDENCE_QUOTA_MB", default=500) * 1_000_000  # of one organization
UPLOAD_RATES = {
    "account": env.str("UPLOADS_PER_ACCOUNT", default="30/m,300/h"),
    "organization": env.str("UPLOADS_PER_ORGANIZATION", default="60/m,600/h"),
}

from config.settings_web import *  # noqa: E402, F403  (headers, cookies, sign-in, API, logs)

METRICS_TOKEN = secret("METRICS_TOKEN", "")
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="mailto:security@terang.example")
SECURITY_TXT_EXPIRES = env.str("SECURITY_TXT_EXPIRES", default="2027-11-01T00:00:00Z")

# The smallest count that public figures show: five, or more (recruitment.selectors.small_numbers).
SMALL_NUMBERS_LEAST = env.int("SMALL_NUMBERS_LEAST", default=5)

# For how long a process trusts that nothing published has changed (a suspension shows after this at the latest).
PUBLISHED_STAMP_SECONDS = env.float("PUBLISHED_STAMP_SECONDS", default=0 if MODE == "test" else 1)
