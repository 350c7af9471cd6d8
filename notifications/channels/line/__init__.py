"""LINE. CHANNEL_LINE=notifications.channels.line.transport.Transport, LINE_TOKEN(_FILE)= the channel access token of the official account.

For calls to us: LINE_CHANNEL_SECRET(_FILE).

`Message.to` is the LINE user id that the account's own webhook or LINE Login gave.
"""
