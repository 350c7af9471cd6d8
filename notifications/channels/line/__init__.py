"""LINE. CHANNEL_LINE=notifications.channels.line.transport.Transport, LINE_TOKEN(_FILE)= the channel access token of the official account.

`Message.to` is the LINE user id that the account's own webhook or LINE Login gave.
"""
