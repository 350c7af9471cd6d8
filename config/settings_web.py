"""The second page of the settings: headers and cookies, sign-in, API, logs and mail."""

import os
import re

import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.settings import BASE_URL, MAILBOX, MODE, PRODUCTION, TRUSTED_PROXIES, env, secret

SECURE = BASE_URL.startswith("https://")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SECURE and PRODUCTION
SECURE_HSTS_SECONDS = 63072000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY = {name: [] for name in ("camera", "microphone", "geolocation", "payment", "usb", "autoplay", "fullscreen")}
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_FAILURE_VIEW = "config.errors.csrf_failed"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Sign-in: a phone number or an e-mail address, proved by a code; passkeys; a password only for those who want one.
PHONE_SIGN_IN = env.bool("PHONE_SIGN_IN", default=True)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
ACCOUNT_ADAPTER = "accounts.views.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email", "phone"} if PHONE_SIGN_IN else {"email"}
ACCOUNT_SIGNUP_FIELDS = ["phone", "email*"] if PHONE_SIGN_IN else ["email*"]  # the form asks for one of them
ACCOUNT_FORMS = {
    "login": "accounts.forms.sign_in.SignInForm",
    "signup": "accounts.forms.sign_up.SignupForm",
    "confirm_login_code": "accounts.forms.code.SignInCodeForm",
    "verify_phone": "accounts.forms.code.PhoneCodeForm",
    "confirm_email_verification_code": "accounts.forms.code.EmailCodeForm",
    "change_phone": "accounts.forms.contact.ChangePhoneForm",
    "add_email": "accounts.forms.contact.ChangeEmailForm",
    "change_password": "accounts.forms.password.ChangePasswordForm",
    "set_password": "accounts.forms.password.SetPasswordForm",
    "reauthenticate": "accounts.forms.password.ReauthenticateForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = ACCOUNT_PHONE_VERIFICATION_TIMEOUT = 300
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = ACCOUNT_PHONE_VERIFICATION_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "20/m/ip,3/m/key,10/h/key,30/d/key",
    "verify_phone": "1/20s/key,10/h/key,30/m/ip",
    "change_phone": "5/h/user",
}
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_SESSION_REMEMBER = True
MFA_ADAPTER = "accounts.views.mfa_adapter.MfaAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.second_factor.CodeForm",
    "reauthenticate": "accounts.forms.second_factor.FreshCodeForm",
    "activate_totp": "accounts.forms.second_factor.ActivateAppForm",
    "add_webauthn": "accounts.forms.second_factor.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.second_factor.RenamePasskeyForm",
    "authenticate_webauthn": "accounts.forms.second_factor.PasskeyForm",
    "reauthenticate_webauthn": "accounts.forms.second_factor.FreshPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody gets in without having proved one address
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Terang"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
USERSESSIONS_TRACK_ACTIVITY = True
DESK_IDLE_SECONDS = 30 * 60
SESSION_SECONDS = 12 * 3600  # nobody stays signed in longer, however busy

# Ways out of the house (notifications/channels). Each is the dotted name of a transport class, or "" where it is not set up.
WORKERS_PER_CHANNEL = env.int("WORKERS_PER_CHANNEL", default=1)  # processes that may be busy with one channel at once
_CHANNELS = "notifications.channels"
EMAIL_BACKEND = env.str(
    "EMAIL_BACKEND",
    default=f"{_CHANNELS}.email.mailbox.EmailBackend" if MAILBOX else "django.core.mail.backends.smtp.EmailBackend",
)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Terang <no-reply@terang.example>")
EMAIL_HOST = env.str("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = secret("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", default=False)
# Keys of a mail provider's API, by anymail's own names: ANYMAIL_POSTMARK_SERVER_TOKEN, ANYMAIL_WEBHOOK_SECRET (user:password), …
ANYMAIL = {name.removeprefix("ANYMAIL_").removesuffix("_FILE"): "" for name in os.environ if name.startswith("ANYMAIL_")}
ANYMAIL = {"REQUESTS_TIMEOUT": 10, **{name: secret(f"ANYMAIL_{name}") for name in ANYMAIL}}

SMS_TRANSPORT = env.str("SMS_TRANSPORT", default=f"{_CHANNELS}.sms.mailbox.Transport" if MAILBOX else "")
SMS_GATEWAY_URL = env.str("SMS_GATEWAY_URL", default="")
SMS_GATEWAY_TOKEN = secret("SMS_GATEWAY_TOKEN", "")
TWILIO_URL = env.str("TWILIO_URL", default="https://api.twilio.com").rstrip("/")
TWILIO_ACCOUNT_SID = env.str("TWILIO_ACCOUNT_SID", default="")
TWILIO_AUTH_TOKEN = secret("TWILIO_AUTH_TOKEN", "")
TWILIO_SENDER = env.str("TWILIO_SENDER", default="")
VONAGE_URL = env.str("VONAGE_URL", default="https://rest.nexmo.com").rstrip("/")
VONAGE_API_KEY = env.str("VONAGE_API_KEY", default="")
VONAGE_API_SECRET = secret("VONAGE_API_SECRET", "")
VONAGE_SENDER = env.str("VONAGE_SENDER", default="Terang")
VONAGE_SIGNATURE_SECRET = secret("VONAGE_SIGNATURE_SECRET", "")
LINE_URL = env.str("LINE_URL", default="https://api.line.me").rstrip("/")
LINE_TOKEN = secret("LINE_TOKEN", "")
LINE_CHANNEL_SECRET = secret("LINE_CHANNEL_SECRET", "")
ZALO_URL = env.str("ZALO_URL", default="https://business.openapi.zalo.me").rstrip("/")
ZALO_OA_URL = env.str("ZALO_OA_URL", default="https://openapi.zalo.me").rstrip("/")
ZALO_TOKEN = secret("ZALO_TOKEN", "")
ZALO_APP_ID = env.str("ZALO_APP_ID", default="")
ZALO_SECRET = secret("ZALO_SECRET", "")
ZALO_TEMPLATE = env.str("ZALO_TEMPLATE", default="")
WHATSAPP_URL = env.str("WHATSAPP_URL", default="https://graph.facebook.com/v23.0").rstrip("/")
WHATSAPP_TOKEN = secret("WHATSAPP_TOKEN", "")
WHATSAPP_APP_SECRET = secret("WHATSAPP_APP_SECRET", "")
WHATSAPP_VERIFY_TOKEN = secret("WHATSAPP_VERIFY_TOKEN", "")
WHATSAPP_SENDER = env.str("WHATSAPP_SENDER", default="")
WHATSAPP_TEMPLATE = env.str("WHATSAPP_TEMPLATE", default="")
VAPID_KEY_FILE = env.str("VAPID_KEY_FILE", default="")
VAPID_SUBJECT = env.str("VAPID_SUBJECT", default="mailto:security@terang.example")
PUSH_SERVICES = env.list(
    "PUSH_SERVICES",
    default=["fcm.googleapis.com", "updates.push.services.mozilla.com", "push.apple.com", "notify.windows.com"],
)
_PUSH = ("mailbox" if MAILBOX else "transport") if VAPID_KEY_FILE else ""
CHANNELS = {
    "email": env.str("CHANNEL_EMAIL", default=f"{_CHANNELS}.email.transport.Transport"),
    "sms": env.str("CHANNEL_SMS", default=f"{_CHANNELS}.sms.transport.Transport" if SMS_TRANSPORT else ""),
    "push": env.str("CHANNEL_PUSH", default=f"{_CHANNELS}.push.{_PUSH}.Transport" if _PUSH else ""),
    "line": env.str("CHANNEL_LINE", default=""),
    "zalo": env.str("CHANNEL_ZALO", default=""),
    "whatsapp": env.str("CHANNEL_WHATSAPP", default=""),
}
# Our own account at each messenger, as people see it there: a name and the https address that opens it. Without a name nobody can connect.
CHANNEL_ACCOUNTS = {
    code: (env.str(f"{code.upper()}_ACCOUNT", default=""), env.str(f"{code.upper()}_ACCOUNT_LINK", default=""))
    for code in ("line", "zalo", "whatsapp")
}
for _name, (_, _value) in CHANNEL_ACCOUNTS.items():
    if _value and not _value.startswith("https://"):
        raise ImproperlyConfigured(f"{_name.upper()}_ACCOUNT_LINK must begin with https://")
# Webhooks leave through this proxy (http://host:port, CONNECT) where one is named. Only tests reach this very machine.
WEBHOOK_PROXY = env.str("WEBHOOK_PROXY", default="")
LOOPBACK_ALLOWED = env.bool("LOOPBACK_ALLOWED", default=MODE == "test")
for _name, _value in CHANNELS.items():
    if _value and not re.fullmatch(r"[a-z_]\w*(\.[a-z_]\w*)+\.[A-Z]\w*", _value):
        raise ImproperlyConfigured(f"CHANNEL_{_name.upper()} must be the dotted name of a transport class.")
if CHANNELS["sms"] and not SMS_TRANSPORT:
    raise ImproperlyConfigured("CHANNEL_SMS needs SMS_TRANSPORT, the provider.")
if CHANNELS["push"] and not VAPID_KEY_FILE:
    raise ImproperlyConfigured("CHANNEL_PUSH needs VAPID_KEY_FILE.")
if WEBHOOK_PROXY and not re.fullmatch(r"http://[\w.-]+:\d+", WEBHOOK_PROXY):
    raise ImproperlyConfigured("WEBHOOK_PROXY must look like http://host:port.")
if PRODUCTION and PHONE_SIGN_IN and SMS_TRANSPORT in {"", f"{_CHANNELS}.sms.mailbox.Transport"}:
    raise ImproperlyConfigured("SMS_TRANSPORT must name a real transport, or set PHONE_SIGN_IN=0 for sign-in by e-mail only.")
if PRODUCTION and any(".mailbox." in name for name in (*CHANNELS.values(), EMAIL_BACKEND, SMS_TRANSPORT)):
    raise ImproperlyConfigured("The mailbox shows messages to everybody and is for development only: name real transports.")
if PRODUCTION and LOOPBACK_ALLOWED:
    raise ImproperlyConfigured("LOOPBACK_ALLOWED lets strangers' addresses lead to this machine and is for tests only.")

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api.StrictJSONParser"],
    "DEFAULT_PERMISSION_CLASSES": ["core.api.PolicyPermission"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "EXCEPTION_HANDLER": "core.api.exception_handler",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Terang API",
    "VERSION": "1.0.0",
    "EXTERNAL_DOCS": {"url": f"{BASE_URL}/en/webhooks/", "description": "Webhooks: how to check our messages"},
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "WebhookState": "notifications.models.Webhook.State",
        "WebhookDeliveryState": "notifications.models.WebhookDelivery.State",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer() if PRODUCTION else structlog.dev.ConsoleRenderer(colors=False),
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["console"], "level": "WARNING" if MODE == "test" else "INFO"},
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
