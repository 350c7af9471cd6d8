"""Doors of the API. Sessions do not count there: without a key everybody is a stranger."""

from tests.access.table import Row, everybody

OWN = "/api/v1/o/hoa-sen/"

ROWS = {
    "api:schema": Row(lambda cast, w: "/api/v1/schema/", everybody()),
    "api:docs": Row(lambda cast, w: "/api/v1/docs/", everybody()),
    "api:jobs": Row(lambda cast, w: "/api/v1/jobs/", everybody()),
    "api:job": Row(lambda cast, w: "/api/v1/jobs/ABCD-EFGH/", everybody(404)),
    "api:organizations": Row(lambda cast, w: "/api/v1/organizations/", everybody()),
    "api:organization": Row(lambda cast, w: "/api/v1/organizations/nobody/", everybody(404)),
    "api:own_permits": Row(lambda cast, w: f"{OWN}permits/", everybody(403)),
    "api:own_openings": Row(lambda cast, w: f"{OWN}openings/", everybody(403)),
    "api:own_imports": Row(lambda cast, w: f"{OWN}imports/", everybody(403), method="post"),
    "api:own_import": Row(lambda cast, w: f"{OWN}imports/1/", everybody(403)),
    "api:own_opening": Row(lambda cast, w: f"{OWN}openings/ABCD-EFGH/", everybody(403)),
    "api:own_opening_step": Row(lambda cast, w: f"{OWN}openings/ABCD-EFGH/submit/", everybody(403), method="post"),
}
