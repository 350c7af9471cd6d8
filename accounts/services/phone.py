"""Phone numbers: comparable, sealed, found again by a keyed hash."""

from datetime import datetime

from accounts.models import User
from core.vault import Context, Shredded, lookup_hash, open_text, seal_record, shred

PURPOSE = "account:phone"


def find_by_phone(phone: str) -> User | None:
    """The account of this E.164 number."""
    return User.objects.filter(phone_hash=lookup_hash(phone, purpose=PURPOSE)).first()


def set_phone(user: User, phone: str | None, *, verified_at: datetime | None) -> None:
    """Seal this E.164 number into the account, or erase it for good when None."""
    if phone is None:
        user.phone_hash = user.phone_sealed = user.phone_verified_at = None
        user.phone_key = shred()
    else:
        user.phone_hash = lookup_hash(phone, purpose=PURPOSE)
        sealed = seal_record({"phone": phone}, context=_context(user))
        user.phone_key, user.phone_sealed = sealed.wrapped_key, sealed.fields["phone"]
        user.phone_verified_at = verified_at
    user.save(update_fields=["phone_hash", "phone_sealed", "phone_key", "phone_verified_at"])


def mark_verified(user: User, *, now: datetime) -> None:
    """The person showed the code that was sent to the number."""
    user.phone_verified_at = now
    user.save(update_fields=["phone_verified_at"])


def read_phone(user: User) -> str | None:
    """The number in E.164, or None."""
    if not user.phone_sealed or not user.phone_key:
        return None
    try:
        return open_text(user.phone_sealed, field="phone", wrapped_key=user.phone_key, context=_context(user))
    except Shredded:
        return None


def masked(phone: str) -> str:
    """+84 •••• 567: enough to recognise, not enough to call."""
    return f"{phone[:3]} •••• {phone[-3:]}"


def _context(user: User) -> Context:
    return Context("accounts.User", str(user.key), version=1)
