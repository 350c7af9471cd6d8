"""Clean input of sign-in."""
