"""Ending sessions."""

from allauth.usersessions.models import UserSession


def end_session(user, pk: int) -> bool:
    """Sign this person out in one browser; False when there is no such session of theirs."""
    session = UserSession.objects.filter(user=user, pk=pk).first()
    if session is None:
        return False
    session.end()
    return True


def end_other_sessions(user, keep: str | None) -> int:
    """Sign this person out everywhere but in the session with the key `keep`. Returns how many were ended."""
    others = list(UserSession.objects.filter(user=user).exclude(session_key=keep or ""))
    for session in others:
        session.end()
    return len(others)
