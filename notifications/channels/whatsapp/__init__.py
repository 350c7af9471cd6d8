"""WhatsApp. CHANNEL_WHATSAPP=notifications.channels.whatsapp.transport.Transport, WHATSAPP_TOKEN(_FILE), WHATSAPP_SENDER= the id of the
business phone number, WHATSAPP_TEMPLATE= the name of an approved utility template with two body parameters, text and link.

For calls to us: WHATSAPP_APP_SECRET(_FILE) and WHATSAPP_VERIFY_TOKEN(_FILE).

`Message.to` is the phone number in E.164.
"""
