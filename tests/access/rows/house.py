"""Doors of the house itself."""

from tests.access.table import Row, everybody

ROWS = {
    "root": Row(lambda cast, w: "/", everybody(302)),
    "home": Row(lambda cast, w: "/vi/", everybody()),
    **{
        name: Row(lambda cast, w, name=name: f"/vi/{name}/", everybody())
        for name in ("about", "costs", "privacy", "accessibility")
    },
    "guide": Row(lambda cast, w: "/vi/guide/", everybody()),
    **{
        f"guide_{name}": Row(lambda cast, w, name=name: f"/vi/guide/{name}/", everybody()) for name in ("paid", "rights", "tests")
    },
    "design": Row(lambda cast, w: "/vi/design/", everybody()),
    "design_public": Row(lambda cast, w: "/vi/design/public/", everybody()),
    "healthz": Row(lambda cast, w: "/healthz", everybody()),
    "readyz": Row(lambda cast, w: "/readyz", everybody()),
    "metrics": Row(lambda cast, w: "/metrics", everybody(403)),
    "robots": Row(lambda cast, w: "/robots.txt", everybody()),
    "security_txt": Row(lambda cast, w: "/.well-known/security.txt", everybody()),
}
