"""All settings, each from the environment (docs/operators.md lists the variables).

Two modes. Production (DEBUG off, the default) refuses to start half configured. The trial (DEBUG on) needs nothing:
`make setup` leaves `.local/trial.env` behind, which turns it on in that clone, and a variable set in the real
environment always wins over that file.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = BASE_DIR / ".local"
TRIAL_SECRET = "for-trials-and-tests-only-never-for-real-data-0123456789"

environ.Env.read_env(LOCAL_DIR / "trial.env")
env = environ.Env()
DEBUG = env.bool("DEBUG", default=False)


def require_setting(name, why):
    """The value of an environment variable that production cannot do without."""
    value = env.str(name, default="").strip()
    if not value:
        raise ImproperlyConfigured(
            f"生产环境必须设置环境变量 {name}（{why[0]}）；本机试用请运行 make run。\n"
            f"Production needs the environment variable {name} ({why[1]}); to try the site, run: make run"
        )
    return value


def secret_key():
    """SECRET_KEY; in production neither missing, nor the trial's, nor a guessable one."""
    if DEBUG:
        return env.str("SECRET_KEY", default=TRIAL_SECRET)
    key = require_setting("SECRET_KEY", ("签名会话的密钥", "signs sessions"))
    weak = len(key) < 50 or len(set(key)) < 10 or key == TRIAL_SECRET or key.startswith("django-insecure-")
    if weak:
        raise ImproperlyConfigured(
            "SECRET_KEY 太短或是默认值：至少 50 个随机字符，例如 openssl rand -base64 48 的输出。\n"
            "SECRET_KEY is too short or a default: use at least 50 random characters, as from: openssl rand -base64 48"
        )
    return key


def allowed_hosts():
    """The host names the site answers to; "*" is refused in production."""
    if DEBUG:
        return env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
    require_setting("ALLOWED_HOSTS", ("网站域名，用逗号分隔", "host names, separated by commas"))
    hosts = env.list("ALLOWED_HOSTS")
    if "*" in hosts:
        raise ImproperlyConfigured("ALLOWED_HOSTS 不能是 *，请写明域名。\nALLOWED_HOSTS must name hosts, not *")
    return hosts


def site_url():
    """The site's address where SITE_URL does not say it: the first host name, by the protocol of the mode."""
    return "http://127.0.0.1:8000" if DEBUG else f"https://{ALLOWED_HOSTS[0].removeprefix('.')}"


def database():
    """The database of DATABASE_URL; in the trial without one, the embedded server, started on the first connection."""
    if not DEBUG:
        require_setting("DATABASE_URL", ("PostgreSQL 连接地址", "address of the PostgreSQL server"))
    if not env.str("DATABASE_URL", default=""):
        return {"ENGINE": "config.trial_backend", "NAME": "postgres", "CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": 600}
    parsed = env.db("DATABASE_URL")
    if parsed["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL 只支持 PostgreSQL。\nDATABASE_URL: only PostgreSQL is supported")
    return parsed | {"CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=600), "CONN_HEALTH_CHECKS": True}


SECRET_KEY = secret_key()
ALLOWED_HOSTS = allowed_hosts()
DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Failed logins are counted here: Django's limit of 300 entries would let a flood of them wash the counts away.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

INSTALLED_APPS = [
    "declarations",
    "indicators",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "import_export",
    "pgtrigger",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.private_by_default",
    "allauth.account.middleware.AccountMiddleware",
    # Deny by default: a page that may be seen without logging in has to say so.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "declarations.web.limiting.Limits",
    "config.middleware.words_for_wrong_methods",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
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
                "config.version.site_version",
            ]
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = USE_TZ = USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = "config.formats"

# Files: what people upload lies outside everything that is served.
STATIC_URL = "static/"
# In the trial files are served from where they lie, without collecting them.
STATIC_ROOT = env.str("STATIC_ROOT", default=None if DEBUG else str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(LOCAL_DIR / "uploads"))
FILE_UPLOAD_PERMISSIONS = 0o600
STATIC_BACKEND = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEBUG
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATIC_BACKEND},
}
# A declaration with two full grids posts several thousand fields; Django's limit of 1,000 would answer 400.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
# Not a limit on files (the gate has that): above this an upload waits on disk instead of in memory.
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# A virus scanner (clamd) that sees every file before it is opened: unix:///run/clamav/clamd.ctl or tcp://host:3310.
CLAMD_URL = env.str("CLAMD_URL", default="")
CLAMD_SECONDS = env.float("CLAMD_SECONDS", default=20.0)

# What a request may bring, and how often somebody may ask for what is costly: 60/10m is sixty in ten minutes.
REQUEST_BYTES = env.int("LIMIT_REQUEST_MB", default=1024) * 1024 * 1024
RATE_LIMITS = {
    "uploads": env.str("LIMIT_UPLOADS", default="60/10m"),
    "exports": env.str("LIMIT_EXPORTS", default="120/10m"),
    "live": env.str("LIMIT_LIVE", default="300/1m"),
    "visitors": env.str("LIMIT_VISITORS", default="600/1m"),
}
# When files that people brought are deleted: those never brought in, and those that were
# (declarations/operating/retention.py).
KEPT_DAYS_ABANDONED = env.int("KEPT_DAYS_ABANDONED", default=30)
KEPT_YEARS = env.int("KEPT_YEARS", default=10)

AUTH_USER_MODEL = "declarations.User"
AUTHENTICATION_BACKENDS = ["config.accounts.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "config.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# How long the link works by which somebody sets a password: those of new accounts are handed out by people.
PASSWORD_RESET_TIMEOUT = env.int("FIRST_LOGIN_DAYS", default=14) * 24 * 60 * 60
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

# Accounts are made by administrators; people only log in.
ACCOUNT_ADAPTER = "config.accounts.ClosedAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
# Several offices share one outgoing address, so the limit per address is wide and the one per account narrow.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "60/m/ip,5/300s/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "部门整体预算绩效目标申报"

# Scripts and styles come from our own files only: nothing inline, nothing from elsewhere.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's small arrows and ticks are data: images
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

SESSION_COOKIE_AGE = 12 * 60 * 60
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
if not DEBUG:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=365 * 24 * 60 * 60)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True)
if env.bool("BEHIND_PROXY", default=False):
    # Believed only where a proxy of ours sets these headers: from anybody else they are forged.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXY_COUNT", default=1)

# The trial sends no mail: what would be sent lies in a folder, to be looked at.
EMAIL_BACKEND = f"django.core.mail.backends.{'filebased' if DEBUG else 'console'}.EmailBackend"
EMAIL_FILE_PATH = LOCAL_DIR / "mail"
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=20)
if env.str("EMAIL_URL", default=""):
    globals().update(env.email("EMAIL_URL"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="webmaster@localhost")
# Links in mails begin with it.
SITE_URL = (env.str("SITE_URL", default="") or site_url()).rstrip("/")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "procrastinate": {"level": "WARNING"},
    },
}
