"""Zalo. CHANNEL_ZALO=notifications.channels.zalo.transport.Transport, ZALO_TOKEN(_FILE)= the access token of the official account,
ZALO_TEMPLATE= the number of an approved template with the parameters `title`, `text` and `link`.

For calls to us: ZALO_APP_ID and ZALO_SECRET(_FILE), the secret key of the official account.

`Message.to` is the phone number of the Zalo account in E.164, or the id by which the official account knows it.
"""
