"""What the rest of the house may ask about sign-in."""

from datetime import UTC, datetime

from allauth.account.internal.flows.login import get_authentication_records


def second_factor(request) -> tuple[str, datetime | None]:
    """Which second factor this session showed last ("webauthn:12") and when; ("", None) when it showed none."""
    shown = [record for record in get_authentication_records(request) if record["method"] == "mfa"]
    if not shown:
        return "", None
    last = max(shown, key=lambda record: record["at"])
    return f"{last.get('type', '')}:{last.get('id', '')}", datetime.fromtimestamp(last["at"], UTC)
