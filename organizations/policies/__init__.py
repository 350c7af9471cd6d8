"""Who may do what in and with organizations."""
