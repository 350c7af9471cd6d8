"""Pages of sign-in and the person's own settings."""
