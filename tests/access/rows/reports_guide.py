"""Guide pages that reference data fills."""

from tests.access.table import Row, everybody

ROWS = {
    "reports:guide_programmes": Row(lambda cast, w: "/vi/guide/programmes/", everybody()),
    "reports:guide_prefectures": Row(lambda cast, w: "/vi/guide/prefectures/", everybody()),
}
