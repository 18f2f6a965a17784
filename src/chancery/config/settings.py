"""Django settings. Site choices come from `env.py`; nothing here is edited to run a site."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF

from chancery.config import databases, env, identity

BASE_DIR = Path(__file__).resolve().parent.parent
CHANCERY_HOME = env.home()

# demo: the living example on loopback. It opens "enter as" and the outbox page; `check` refuses it in production.
DEMO = env.flag("CHANCERY_DEMO")
DEBUG = env.flag("CHANCERY_DEBUG")
PROFILE = env.chosen("CHANCERY_PROFILE", ("cn", "neutral"))

SECRET_KEY = env.secret_key()
ALLOWED_HOSTS = env.listed("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.listed("CSRF_TRUSTED_ORIGINS")
SITE_URL = env.text("SITE_URL", f"http://127.0.0.1:{env.number('PORT', 8000)}")
SECURE_SITE = SITE_URL.startswith("https://")

INSTALLED_APPS = [
    "chancery.foundations.web",
    "chancery.foundations.journal",
    "chancery.foundations.rulebook",
    "chancery.kernel.directory",
    "chancery.kernel.access",
    "chancery.kernel.records",
    "chancery.kernel.calendar",
    "chancery.kernel.procedures",
    "chancery.kernel.publishing",
    "chancery.departments.general_office",
    "chancery.demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_htmx",
    "template_partials",
    "django_filters",
    "pgtrigger",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    # No camera, microphone, place …, but on the page that says so.
    "chancery.foundations.web.middleware.PermissionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    # Before anything reads a form: what is larger than a public door takes is refused by its announced length.
    "chancery.foundations.web.sizes.SizeMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # Builds the Actor from the session (the hat), then holds one stamped transaction around view and rendering.
    "chancery.kernel.access.middleware.ActorMiddleware",
    # Inside that transaction: what carries a state-secret marking leaves nothing behind.
    "chancery.kernel.records.markings.middleware.MarkingMiddleware",
]

ROOT_URLCONF = "chancery.config.urls"
WSGI_APPLICATION = "chancery.config.wsgi.application"
ASGI_APPLICATION = "chancery.config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "chancery.foundations.web.context.page",
            ],
            "builtins": [
                "chancery.foundations.web.templatetags.house",
                "chancery.foundations.web.templatetags.manuscripts",
            ],
        },
    }
]

# --- Database: the web role; CHANCERY_DB_AS=owner for migrations and loaders of schema -----------------------------
DB_AS_OWNER = env.text("CHANCERY_DB_AS", "web") == "owner"
DATABASES = {"default": databases.describe(as_owner=DB_AS_OWNER)}

# In PostgreSQL, so that failed sign-ins are counted over all web processes and a one-time code is spent in all of them.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "access_cache"}}

# --- Language, time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans" if PROFILE == "cn" else "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LANGUAGE_COOKIE_NAME = "chancery_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.text("CHANCERY_TIME_ZONE", "Asia/Shanghai" if PROFILE == "cn" else "UTC")
# Compiled words live beside their .po; here when the package's own directory cannot be written.
LOCALE_PATHS = [str(CHANCERY_HOME / "words")]
FORMAT_MODULE_PATH = ["chancery.config.formats"]

# --- Sign-in -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = ["chancery.kernel.access.adapters.AccountBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "chancery.kernel.access.adapters.InvitedOnlyAdapter"
SOCIALACCOUNT_ADAPTER = "chancery.kernel.access.adapters.KnownPeopleOnlyAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# A whole office may stand behind one address: the narrow limit is per account.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "60/m/ip,5/15m/key"}
PASSWORD_RESET_TIMEOUT = 2 * 60 * 60
MFA_ADAPTER = "chancery.kernel.access.adapters.SealedSecretsAdapter"
MFA_TOTP_ISSUER = "Chancery"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
USERSESSIONS_TRACK_ACTIVITY = False

# One identity provider by OpenID Connect. It signs in people whose account has the same confirmed e-mail address; it
# makes no accounts.
OIDC_ISSUER = env.text("OIDC_ISSUER").strip()
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": identity.apps(), "OAUTH_PKCE_ENABLED": True}}
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False

SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SITE
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if SECURE_SITE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_SITE
SECURE_HSTS_PRELOAD = False
X_FRAME_OPTIONS = "SAMEORIGIN"
CSRF_FAILURE_VIEW = "chancery.foundations.web.errors.csrf_failure"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        # bpmn-js and ECharts place their own drawing with style attributes; no style *element* is allowed.
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        # Not even to an identity provider: a page of ours leads there, see access/entrance/views.py.
        "form-action": [SELF],
        "frame-ancestors": [SELF],
        "frame-src": [SELF],
    }
}

# --- Files, e-mail, jobs, log --------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = CHANCERY_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
FILE_STORE = CHANCERY_HOME / "files"
S3_BUCKET = env.text("S3_BUCKET")
# A second copy of all content, in a directory (best on another machine's disk) or a bucket; damage is mended from it.
# (The demo has one beside its files, so that one can see something mended.)
CONTENT_COPY = env.text("CONTENT_COPY") or (str(CHANCERY_HOME / "copy") if DEMO else "")
CONTENT_COPY_BUCKET = env.text("CONTENT_COPY_BUCKET")
S3_ADDRESSING = env.chosen("S3_ADDRESSING", ("auto", "path", "virtual"))
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# Families of the site's own fonts for official papers, by role: "fangsong=FangSong_GB2312; xiaobiaosong=…"
CHANCERY_FONTS = env.text("CHANCERY_FONTS")
UPLOAD_LIMIT_BYTES = env.number("UPLOAD_LIMIT_MB", 100) * 1024 * 1024
# ClamAV's daemon, which looks through what is handed over to the archive: host:port, or the path of its socket.
CLAMD = env.text("CHANCERY_CLAMD")

# --- Seals: where private keys lie (never in the database), who is believed, who tells the time ---------------------
# Keys of what is sealed in database and content store (petitions). Back them up apart from the database.
VAULT_KEYS = Path(env.text("CHANCERY_VAULT_KEYS") or CHANCERY_HOME / "vault")
SEAL_KEYS = CHANCERY_HOME / "seals"
SEAL_PKCS12 = env.text("SEAL_PKCS12")
SEAL_PASSPHRASES = env.prefixed("SEAL_PASSPHRASE")
SEAL_PKCS11_MODULE = env.text("SEAL_PKCS11_MODULE")
SEAL_PKCS11_TOKEN = env.text("SEAL_PKCS11_TOKEN")
SEAL_PKCS11_PIN = env.text("SEAL_PKCS11_PIN")
SEAL_TRUST_ROOTS = env.text("SEAL_TRUST_ROOTS")
SEAL_TSA_URL = env.text("SEAL_TSA_URL")

EMAIL_BACKEND = env.text(
    "EMAIL_BACKEND",
    "django.core.mail.backends.smtp.EmailBackend"
    if env.text("EMAIL_HOST")
    else "django.core.mail.backends.dummy.EmailBackend",
)
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "chancery@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING")},
    # A page that is not there is the visitor's matter; a failing one is ours.
    "loggers": {"django.request": {"level": "ERROR"}},
}
