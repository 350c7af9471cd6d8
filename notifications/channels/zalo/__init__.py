"""Zalo. CHANNEL_ZALO=notifications.channels.zalo.transport.Transport, ZALO_TOKEN(_FILE)= the access token of the official account,
ZALO_TEMPLATE= the number of an approved template with the parameters `title`, `text` and `link`.

`Message.to` is the phone number of the Zalo account in E.164.
"""
