"""What can go wrong in the vault.

Every failure is one of these; none carries plaintext, a key, or a piece of either. The web answers `Tampered` with
409 and an alarm, `Shredded` with 410, `KeyUnavailable` with 503.
"""


class VaultError(Exception):
    """Something sealed cannot be opened, or cannot be sealed."""


class KeyUnavailable(VaultError):
    """The key file or key service is missing, unreadable or does not answer. Nothing is lost; try again."""


class WrongKey(VaultError):
    """None of the keys at hand is one this was sealed to."""


class Tampered(VaultError):
    """Authentication failed: changed, cut short, moved to another row or field, or rolled back to an older version."""


class Shredded(VaultError):
    """The wrapped copies of the data key were deleted on purpose: nobody can open this any more."""
