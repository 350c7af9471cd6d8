"""Where a person can be reached beside their e-mail and phone, and where they must not be reached any more."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import PersonRow
from core.tenancy import PostmanPolicy
from core.vault import Context, lookup_hash, open_text, seal_record
from notifications.models.channel import Channel

PHONE = "account:phone"  # the purpose of accounts' own keyed hash, so that a stop needs no open number


def address_lookup(channel: str, address: str) -> bytes:
    """The keyed hash by which an address of this channel is found again: for `Address.lookup` and `Stop.address`."""
    if channel == Channel.EMAIL:
        address = address.strip().lower()
    return lookup_hash(address, purpose=PHONE if channel == Channel.SMS else f"address:{channel}")


class Address(PersonRow):
    """A browser that takes web push, or an account of a messenger. E-mail and phone belong to the account itself.

    The address is sealed (`sealed`, `wrapped_key`, bound to `reference`); `lookup` is its keyed hash; `hint` is what the person sees.
    """

    posted = True

    reference = models.UUIDField(default=uuid.uuid4, editable=False)
    channel = models.CharField(max_length=8, choices=Channel)
    sealed = models.BinaryField()
    wrapped_key = models.BinaryField(null=True)
    lookup = models.BinaryField(max_length=64)
    hint = models.CharField(max_length=120)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=20, blank=True)

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            PostmanPolicy(name="notifications_address_postman"),
            models.UniqueConstraint(
                fields=["user", "channel", "lookup"],
                condition=models.Q(ended_at__isnull=True),
                name="notifications_address_once",
            ),
        ]
        indexes = [models.Index(fields=["channel", "lookup"], name="notifications_address_lookup")]

    def __str__(self):
        return f"{self.channel} of {self.user_id}"

    def seal(self, address: str) -> None:
        """Put the address into the row, sealed; the caller saves."""
        sealed = seal_record({"address": address}, context=self._context)
        self.sealed, self.wrapped_key = sealed.fields["address"], sealed.wrapped_key
        self.lookup = address_lookup(self.channel, address)

    def open(self) -> str:
        """The address in clear. Raises a VaultError, Shredded after an erasure."""
        return open_text(self.sealed, field="address", wrapped_key=self.wrapped_key, context=self._context)

    @property
    def _context(self) -> Context:
        return Context("notifications.Address", self.reference)


class Stop(PersonRow):
    """This channel is switched off for this person: by an answer of the receiving side, or by the person outside the site.

    `category` narrows it ("" = all that may be turned off). `address` is the keyed hash of the address it is about: a new address is free.
    """

    posted = True

    class Why(models.TextChoices):
        BOUNCED = "bounced", _("The address does not exist or does not take messages.")
        COMPLAINED = "complained", _("You marked a message as unwanted.")
        STOP_WORD = "stop_word", _("You answered with the stop word.")
        UNSUBSCRIBED = "unsubscribed", _("You used the link to end these messages.")
        GONE = "gone", _("The device does not take messages any more.")

    channel = models.CharField(max_length=8, choices=Channel)
    category = models.CharField(max_length=12, blank=True)
    address = models.BinaryField(max_length=64)
    why = models.CharField(max_length=12, choices=Why)
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta(PersonRow.Meta):
        constraints = [
            *PersonRow.Meta.constraints,
            PostmanPolicy(name="notifications_stop_postman"),
            models.UniqueConstraint(
                fields=["user", "channel", "category", "address"],
                condition=models.Q(lifted_at__isnull=True),
                name="notifications_stop_once",
            ),
        ]

    def __str__(self):
        return f"{self.user_id} {self.channel}: {self.why}"
