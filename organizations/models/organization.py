"""The tenant itself, its people and what it says about itself."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import OrganizationRow
from core.tenancy import GrantedPolicy, ReachableManager, TenantForeignKey, TenantPolicy

REVIEWED = (
    "select 1 from organizations_review r where r.organization_id = {organization} "
    "and r.subject_organization_id = {table}.organization_id"
)


ADDRESSED = (
    "select 1 from account_emailaddress e where e.user_id = {user} and e.verified and lower(e.email) = lower({table}.email)"
)


class Role(models.TextChoices):
    """What a member may do. `recruiter` posts openings, `caseworker` handles grievances, `officer` reviews for a regulator."""

    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Manager")
    RECRUITER = "recruiter", _("Recruiter")
    CASEWORKER = "caseworker", _("Caseworker")
    OFFICER = "officer", _("Review officer")
    TRAINER = "trainer", _("Trainer")
    VIEWER = "viewer", _("Viewer")


class Organization(models.Model):
    """A sending organization, regulator, NGO partner, employer…: the tenant. `country` is an ISO 3166 alpha-2 code.

    `name_key` is the confusable skeleton of the name: two organizations with one key are looked at by a person.
    """

    row_kind = "organization"

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waiting for review")
        RETURNED = "returned", _("Returned")
        VERIFIED = "verified", _("Verified")
        CLOSED = "closed", _("Closed")

    slug = models.SlugField(max_length=80, unique=True)
    organization_kind = models.ForeignKey("organizations.OrganizationKind", on_delete=models.PROTECT, related_name="+")
    country = models.CharField(max_length=2)
    legal_name = models.CharField(max_length=200)
    latin_name = models.CharField(max_length=200, blank=True)
    name_key = models.CharField(max_length=220, blank=True, db_index=True)
    needs_name_review = models.BooleanField(default=False)
    registration_number = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=300, blank=True)
    website = models.URLField(blank=True)
    language = models.CharField(max_length=5, default="vi")
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    wizard_step = models.CharField(max_length=20, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ReachableManager()
    reachable = ReachableManager()

    class Meta:
        base_manager_name = "reachable"
        constraints = [
            TenantPolicy(name="organizations_organization_tenant", column="id"),
            GrantedPolicy(
                name="organizations_organization_member",
                exists="select 1 from organizations_membership m where m.user_id = {user} and m.organization_id = {table}.id",
            ),
            GrantedPolicy(
                name="organizations_organization_reviewed",
                exists="select 1 from organizations_review r where r.organization_id = {organization} "
                "and r.subject_organization_id = {table}.id",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "submitted", "returned", "verified", "closed"]),
                name="organizations_organization_state",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="verified") | models.Q(verified_at__isnull=False),
                name="organizations_organization_verified_when",
            ),
        ]

    def __str__(self):
        return self.legal_name

    @property
    def organization_id(self):
        """An organization is its own tenant."""
        return self.pk


class Membership(OrganizationRow):
    """A person works for an organization, in one or more roles. The person sees their own; the organization sees all of its."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    roles = ArrayField(models.CharField(max_length=12, choices=Role))
    since = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(OrganizationRow.Meta):
        constraints = [
            *OrganizationRow.Meta.constraints,
            GrantedPolicy(name="organizations_membership_own", exists="select 1 where {table}.user_id = {user}"),
            models.UniqueConstraint(
                fields=["organization", "user"], condition=models.Q(ended_at__isnull=True), name="organizations_membership_one"
            ),
        ]
        indexes = [models.Index(fields=["user"], name="organizations_membership_user")]

    def __str__(self):
        return f"{self.user_id} in {self.organization_id}"

    @classmethod
    def organizations_of(cls, user_id: int | None) -> frozenset[int]:
        """Ids of the organizations this person works for now, as far as the active person may know."""
        found = cls.reachable.filter(user_id=user_id, ended_at__isnull=True).values_list("organization_id", flat=True)
        return frozenset(found) if user_id else frozenset()


class Invitation(OrganizationRow):
    """An offer of membership by a link that works once, for one address, for seven days. Only a hash of the token is stored.

    The person of that (verified) address may read the row, so that the link leads to it before they are a member;
    `organization_name` is what the page shows to them.
    """

    email = models.EmailField()
    organization_name = models.CharField(max_length=200, blank=True, default="")
    roles = ArrayField(models.CharField(max_length=12, choices=Role))
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta(OrganizationRow.Meta):
        constraints = [
            *OrganizationRow.Meta.constraints,
            GrantedPolicy(name="organizations_invitation_addressed", exists=ADDRESSED),
        ]

    def __str__(self):
        return f"{self.email} ({self.organization_id})"


class Representative(OrganizationRow):
    """A person who may speak for the organization; shown in public so that workers can tell a stranger from staff.

    `verified_at` is when the regulator last approved the line; before that it is nobody's answer.
    """

    name = models.CharField(max_length=120)
    latin_name = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=120, blank=True)
    photo = models.ForeignKey("organizations.Evidence", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    is_public = models.BooleanField(default=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)

    class Meta(OrganizationRow.Meta):
        constraints = [
            *OrganizationRow.Meta.constraints,
            GrantedPolicy(name="organizations_representative_reviewed", exists=REVIEWED),
        ]

    def __str__(self):
        return self.name


class Contact(OrganizationRow):
    """A phone, page, account or bank account holder that the organization says is its own.

    `normalized` is the comparable form (organizations.models.contacting); `lookup` its keyed hash. `verified_at` as above.
    """

    class Kind(models.TextChoices):
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")
        FACEBOOK = "facebook", "Facebook"
        ZALO = "zalo", "Zalo"
        WHATSAPP = "whatsapp", "WhatsApp"
        LINE = "line", "LINE"
        TIKTOK = "tiktok", "TikTok"
        WEBSITE = "website", _("Website")
        BANK_HOLDER = "bank_holder", _("Bank account holder")

    kind = models.CharField(max_length=12, choices=Kind)
    value = models.CharField(max_length=200)
    normalized = models.CharField(max_length=200)
    lookup = models.BinaryField(max_length=64)
    label = models.CharField(max_length=80, blank=True)
    representative = models.ForeignKey(Representative, null=True, blank=True, on_delete=models.CASCADE, related_name="contacts")
    is_public = models.BooleanField(default=True)
    verified_at = models.DateTimeField(null=True, blank=True)

    class Meta(OrganizationRow.Meta):
        constraints = [
            *OrganizationRow.Meta.constraints,
            TenantForeignKey(name="organizations_contact_same_tenant", field="representative"),
            GrantedPolicy(name="organizations_contact_reviewed", exists=REVIEWED),
            models.UniqueConstraint(fields=["organization", "kind", "normalized"], name="organizations_contact_once"),
        ]

    def __str__(self):
        return f"{self.kind}: {self.value}"


class Evidence(OrganizationRow):
    """An uploaded file, cleaned and sealed. The key is wrapped for this record only; `reference` binds the file to it."""

    reference = models.UUIDField(default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=30)
    stored_name = models.CharField(max_length=120)
    display_name = models.CharField(max_length=160)
    media_type = models.CharField(max_length=60)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    wrapped_key = models.BinaryField(null=True)
    uploaded_at = models.DateTimeField(auto_now_add=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta(OrganizationRow.Meta):
        constraints = [
            *OrganizationRow.Meta.constraints,
            GrantedPolicy(name="organizations_evidence_reviewed", exists=REVIEWED),
        ]

    def __str__(self):
        return self.display_name


class ApiKey(OrganizationRow):
    """A key for the organization's own systems. Only its hash is stored; it acts as the member who made it."""

    name = models.CharField(max_length=80)
    key_hash = models.CharField(max_length=64, unique=True)
    prefix = models.CharField(max_length=12)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return f"{self.prefix}… {self.name}"
