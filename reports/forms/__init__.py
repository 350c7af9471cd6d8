"""Questions to pages across apps."""
