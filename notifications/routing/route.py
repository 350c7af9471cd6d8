"""A row of the routing table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from core.models import Event
from notifications.models import Category, Notice
from notifications.policies.sending import USUAL
from notifications.selectors.audiences import Audience


def _nothing(event: Event) -> dict:
    return {}


@dataclass(frozen=True)
class Route:
    """`verb` is told to `audience` by the templates of `kind`. Verbs are named by code: an app beside this one cannot be imported.

    `keys` of the event's data go into the notice, with what `details(event)` adds. `path` is the page without the language, with
    {slug} of the event's organization, {subject} its id, and any key of that data. `sample` is data as the templates may meet it.
    """

    verb: str
    kind: str
    audience: Audience
    category: str
    channels: Mapping[str, str] = field(default_factory=lambda: USUAL)
    urgency: str = Notice.Urgency.NORMAL
    discreet: bool = False
    path: str = ""
    keys: tuple[str, ...] = ()
    details: Callable[[Event], dict] = _nothing
    sample: dict = field(default_factory=dict)

    def __post_init__(self):
        if self.discreet and self.category != Category.MESSAGES:
            raise ValueError(f"{self.kind}: a discreet notice lies under “messages”, so that its category says nothing either.")

    @property
    def name(self) -> str:
        """What a fan-out remembers it by; one per verb."""
        return f"{self.kind}/{self.audience.__name__}"

    def data(self, event: Event) -> dict:
        """What the notice carries; to be read inside the event's tenant."""
        return {**{key: event.data[key] for key in self.keys if key in event.data}, **self.details(event)}

    def page(self, event: Event, data: dict, slug: str) -> str:
        """The page it leads to, without the language."""
        return self.path.format_map({**data, "slug": slug, "subject": event.subject_id})


@dataclass(frozen=True)
class Nobody:
    """A verb that nobody hears of, and why."""

    verb: str
    why: str


def nobody(why: str, *codes: str) -> list[Nobody]:
    """Rows for verbs that nobody hears of, for one reason."""
    return [Nobody(code, why) for code in codes]
