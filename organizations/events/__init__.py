"""What can happen to organizations; each module declares the verbs of one noun."""
