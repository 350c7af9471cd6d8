"""The five kinds of table, and the log that is audit and outbox in one.

A model says which kind it is by its base class; `manage.py secure_database` turns the kind into grants.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

from core.tenancy import ACTIVE_ORGANIZATION, ACTIVE_USER, OwnPolicy, ReachableManager, SqlConstraint, TenantManager, TenantPolicy


class OrganizationRow(models.Model):
    """Belongs to one organization; read and written by its members only."""

    row_kind = "organization"
    append_only = False

    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")

    objects = TenantManager()
    reachable = ReachableManager()

    class Meta:
        abstract = True
        base_manager_name = "reachable"
        constraints = [
            TenantPolicy(name="%(app_label)s_%(class)s_tenant"),
            models.UniqueConstraint(fields=["organization", "id"], name="%(app_label)s_%(class)s_tenant_id"),
        ]


class PersonRow(models.Model):
    """Belongs to one person; organizations see it only by a granted policy."""

    row_kind = "person"
    append_only = False

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    objects = ReachableManager()

    class Meta:
        abstract = True
        constraints = [OwnPolicy(name="%(app_label)s_%(class)s_own")]


class Leased(models.Model):
    """Long work that a worker takes for a while: a worker that dies lets go by itself, and a sweep hands the row to the next.

    The work is cut into slices shorter than LEASE; each slice begins with `take`. After MOST_TRIES takes without an end the row is
    given up by its own service (`worn_out`), so that a file that kills its worker is not tried for ever.
    """

    LEASE = timedelta(seconds=150)
    MOST_TRIES = 5

    leased_until = models.DateTimeField(null=True)
    tries = models.SmallIntegerField(default=0)

    class Meta:
        abstract = True

    @classmethod
    def due(cls, *, states, now: datetime):
        """Rows in one of these states that nobody is working on. The caller's tenancy decides how far it sees."""
        free = models.Q(leased_until__isnull=True) | models.Q(leased_until__lte=now)
        return cls.reachable.filter(free, state__in=states)

    @classmethod
    def take(cls, pk: int, *, states, now: datetime) -> bool:
        """Take the row for LEASE; False when somebody else has it or it is in another state. One guarded update."""
        return bool(
            cls.due(states=states, now=now).filter(pk=pk).update(leased_until=now + cls.LEASE, tries=models.F("tries") + 1)
        )

    @classmethod
    def let_go(cls, pk: int) -> None:
        """A slice came to its end: the next one may begin at once, and it counts as progress."""
        cls.reachable.filter(pk=pk).update(leased_until=None, tries=0)

    @property
    def worn_out(self) -> bool:
        return self.tries >= self.MOST_TRIES


class ReferenceRow(models.Model):
    """Reviewed facts loaded from files in git; the runtime roles can only read."""

    row_kind = "reference"

    class Meta:
        abstract = True


class PublishedRow(models.Model):
    """A copy for the world, written only by the publishing job."""

    row_kind = "published"

    class Meta:
        abstract = True


class EventPolicy(SqlConstraint):
    """An event belongs to an organization, or outside any to a person; the machine may log without either."""

    def _sql(self, model):
        own = f"organization_id = {ACTIVE_ORGANIZATION} or (organization_id is null and person_id = {ACTIVE_USER})"
        create = (
            "alter table {table} enable row level security; alter table {table} force row level security; "
            f'create policy "{self.name}" on {{table}} to app using ({own}) '
            f"with check ({own}); "
            f'create policy "{self.name}_stat" on {{table}} for select to statistician using (true)'
        )
        return create, (
            f'drop policy if exists "{self.name}" on {{table}}; drop policy if exists "{self.name}_stat" on {{table}}; '
            "alter table {table} no force row level security; alter table {table} disable row level security"
        )


class Event(models.Model):
    """Something that happened. Append-only: the runtime role has INSERT and SELECT and nothing else.

    `data` holds ids, states, amounts and codes, never personal data, so that the log survives an erasure untouched.
    """

    row_kind = "organization"
    append_only = True

    at = models.DateTimeField()
    organization = models.ForeignKey("organizations.Organization", null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    actor_organization = models.ForeignKey("organizations.Organization", null=True, on_delete=models.PROTECT, related_name="+")
    system = models.CharField(max_length=60, blank=True)
    acting_role = models.CharField(max_length=80, blank=True)
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    request_id = models.CharField(max_length=64, blank=True)
    data = models.JSONField(default=dict)

    objects = ReachableManager()

    class Meta:
        indexes = [
            models.Index(fields=["organization", "subject_type", "subject_id", "-id"], name="core_event_subject"),
            models.Index(fields=["organization", "-id"], name="core_event_latest"),
        ]
        constraints = [EventPolicy(name="core_event_tenant")]

    def __str__(self):
        return f"{self.verb} {self.subject_type}:{self.subject_id}"


class Outbox(models.Model):
    """The delivery mark of an event. Written with the event, read by the machine only."""

    row_kind = "machine"

    PENDING, DONE, DEAD = "pending", "done", "dead"

    event_id = models.BigIntegerField(primary_key=True)
    organization_id = models.BigIntegerField(null=True)
    user_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=8, default=PENDING)
    attempts = models.SmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], condition=models.Q(state="pending"), name="core_outbox_due"),
            models.Index(fields=["event_id"], condition=models.Q(state="dead"), name="core_outbox_dead"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=["pending", "done", "dead"]), name="core_outbox_state"),
        ]

    def __str__(self):
        return f"{self.event_id} {self.state}"


class Effect(models.Model):
    """One subscriber's effect of one event, so that a repeated delivery does nothing twice."""

    row_kind = "machine"

    event_id = models.BigIntegerField()
    subscriber = models.CharField(max_length=120)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event_id", "subscriber"], name="core_effect_once")]

    def __str__(self):
        return f"{self.event_id} {self.subscriber}"


class Submission(models.Model):
    """The mark of a form that was sent: a repeated one finds it and goes to the same place."""

    row_kind = "machine"

    token = models.CharField(max_length=64, primary_key=True)
    place = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return self.token
