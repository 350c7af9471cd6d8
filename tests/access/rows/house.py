"""Doors of the house itself."""

from tests.access.table import Row, everybody

ROWS = {
    "root": Row(lambda cast, w: "/", everybody(302)),
    "home": Row(lambda cast, w: "/vi/", everybody()),
    "healthz": Row(lambda cast, w: "/healthz", everybody()),
    "readyz": Row(lambda cast, w: "/readyz", everybody()),
    "metrics": Row(lambda cast, w: "/metrics", everybody(403)),
    "robots": Row(lambda cast, w: "/robots.txt", everybody()),
    "security_txt": Row(lambda cast, w: "/.well-known/security.txt", everybody()),
}
