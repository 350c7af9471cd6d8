"""The launcher: starts everything the product needs on one machine, and stops what it started.

For trying and developing. Production runs its own PostgreSQL, Redis and process manager; the launcher is then
not involved and nothing else differs. Knows no Django: the standard library, psycopg and redis only.
"""
