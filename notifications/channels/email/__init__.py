"""E-mail, in text and HTML.

CHANNEL_EMAIL names the transport; EMAIL_BACKEND names the way out, as Django does: SMTP, a provider's API through anymail
(`anymail.backends.postmark.EmailBackend`, its keys in ANYMAIL_<NAME>), or the embedded mailbox.
"""
