"""Django settings. Everything an operator may set comes from the environment and is listed in docs/operators.md."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF

from pendapa.web.keys import site_keys

WEB = Path(__file__).parent


def _flag(name: str, default: bool) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def _list(name: str, default: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def database_from_url(url: str) -> dict[str, object]:
    """Turn `postgresql://user:password@host:port/name?option=value` into Django's dictionary.

    Several hosts (`host1:5432,host2:5432`) are passed on to libpq, which then finds the primary.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError(
            f"DATABASE_URL starts with {parts.scheme!r}; Pendapa needs postgresql://user@host/name"
        )
    options = dict(parse_qsl(parts.query))
    location = parts.netloc.rpartition("@")[2]
    hosts = [h.rpartition(":") if ":" in h else (h, "", "") for h in location.split(",")] if location else []
    return {
        "ENGINE": "pendapa.web.database.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or ",".join(unquote(h[0]) for h in hosts),
        "PORT": options.pop("port", None) or ",".join(h[2] for h in hosts).strip(","),
        # Django switches preparing off unless told; what `rows` prepares is planned once per connection.
        "OPTIONS": {"prepare_threshold": 5, **options},
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


# --- where things live -------------------------------------------------------------------------
VAR = Path(os.environ.get("PENDAPA_VAR", "var")).resolve()
KEYS = site_keys(VAR / "keys")
FILES_ROOT = VAR / "files"
MAIL_ROOT = VAR / "mail"
STATIC_ROOT = VAR / "static"

# --- the site ----------------------------------------------------------------------------------
SECRET_KEY = KEYS.django_secret
DEBUG = _flag("PENDAPA_DEBUG", False)
SITE_URL = os.environ.get("PENDAPA_SITE_URL", "http://127.0.0.1:8000").rstrip("/")
DEMO = _flag("PENDAPA_DEMO", False)
ALLOWED_HOSTS = _list("PENDAPA_HOSTS", "127.0.0.1,localhost,[::1],testserver")
SECURE = SITE_URL.startswith("https://")

DATABASES = {
    "default": database_from_url(os.environ.get("DATABASE_URL", "postgresql://pendapa@127.0.0.1:1/not-set"))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    # Shared by all web processes, since rate limits and lock-outs must not be per process.
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_entry"},
}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "pendapa.web.accounts",
    "pendapa.web.organisation",
    "pendapa.web.catalogue",
    "pendapa.web.cases",
    "pendapa.web.events",
    "pendapa.web.signing",
    "pendapa.web.payments",
    "pendapa.web.notifications",
]

MIDDLEWARE = [
    "pendapa.web.middleware.LimitRequestSize",
    "django.middleware.security.SecurityMiddleware",
    "pendapa.web.middleware.CompressPages",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "pendapa.web.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "pendapa.web.accounts.middleware.RequireSecondFactor",
    "pendapa.web.accounts.middleware.TellExpiredSession",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "pendapa.web.middleware.TroubleInPlainWords",
]

ROOT_URLCONF = "pendapa.web.urls"
WSGI_APPLICATION = "pendapa.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pendapa.web.context.site",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "pendapa.web.templatetags.pendapa",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# --- language, time ----------------------------------------------------------------------------
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [WEB / "locale"]
LANGUAGE_COOKIE_NAME = "pendapa_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- static ------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [WEB / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FILES_ROOT},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- people ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["pendapa.web.accounts.reading.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:landing"
LOGOUT_REDIRECT_URL = "catalogue:home"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "pendapa.web.accounts.inputs.SignupDetails"
ACCOUNT_ADAPTER = "pendapa.web.accounts.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {
    # Lock-out: five wrong passwords for one name in five minutes, twenty from one address.
    "login_failed": "20/5m/ip,5/5m/key",
    "signup": "20/m/ip",
    "reset_password": "10/m/ip,5/10m/key",
}
MFA_ADAPTER = "pendapa.web.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Pendapa"

SESSION_ENGINE = "pendapa.web.accounts.reading"
SESSION_COOKIE_NAME = "pendapa_session"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = SECURE
SESSION_EXPIRE_AT_BROWSER_CLOSE = False
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SECURE else []
CSRF_FAILURE_VIEW = "pendapa.web.errors.stale_page"

# --- headers -----------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if _flag("PENDAPA_BEHIND_PROXY", False) else None
)
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- limits of what people send ----------------------------------------------------------------
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
UPLOAD_LIMIT_BYTES = 5 * 1024 * 1024
RECORDING_LIMIT_BYTES = 10 * 1024 * 1024  # sound and video; a request holds one and a page's other answers
REQUEST_LIMIT_BYTES = 12 * 1024 * 1024

# --- messages ----------------------------------------------------------------------------------
if os.environ.get("PENDAPA_SMTP_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = os.environ["PENDAPA_SMTP_HOST"]
    EMAIL_PORT = int(os.environ.get("PENDAPA_SMTP_PORT", "587"))
    EMAIL_HOST_USER = os.environ.get("PENDAPA_SMTP_USER", "")
    EMAIL_HOST_PASSWORD = os.environ.get("PENDAPA_SMTP_PASSWORD", "")
    EMAIL_USE_TLS = _flag("PENDAPA_SMTP_TLS", True)
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(MAIL_ROOT)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("PENDAPA_MAIL_FROM", "tidak-dibalas@pendapa.invalid")

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": os.environ.get("PENDAPA_LOG_LEVEL", "WARNING")},
}
