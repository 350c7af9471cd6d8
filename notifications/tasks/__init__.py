"""What happens after an event, and what is due by the clock."""
