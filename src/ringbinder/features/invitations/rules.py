"""What the letters say, in Swedish and in English."""

from datetime import timedelta
from typing import Final

from ringbinder.features.invitations.types import Text

SWEDISH: Final = "sv"


def invitation_text(
    language: str | None,
    *,
    name: str,
    organisation: str,
    invited_by: str,
    address: str,
    lifetime: timedelta,
) -> Text:
    """Write an invitation."""
    if language == SWEDISH:
        return Text(
            f"Inbjudan till {_line(organisation)}",
            f"Hej {_line(name)},\n\n"
            f"{_line(invited_by)} har bjudit in dig till {_line(organisation)} i Ringbinder, där\n"
            "ritningar och andra handlingar finns.\n\n"
            f"Öppna länken för att tacka ja och välja ett lösenord:\n\n{address}\n\n"
            f"Länken gäller i {_swedish(lifetime)} och en gång. Om du inte väntade dig\n"
            "inbjudan kan du bortse från meddelandet.\n",
        )
    return Text(
        f"Invitation to {_line(organisation)}",
        f"Hello {_line(name)},\n\n"
        f"{_line(invited_by)} has invited you to {_line(organisation)} in Ringbinder, where\n"
        "drawings and other documents are kept.\n\n"
        f"Open this link to accept and to choose a password:\n\n{address}\n\n"
        f"The link is good for {_english(lifetime)}, and once. If you did not expect the\n"
        "invitation, you can ignore this message.\n",
    )


def reset_text(language: str | None, *, name: str, address: str, lifetime: timedelta) -> Text:
    """Write how to choose a new password."""
    if language == SWEDISH:
        return Text(
            "Nytt lösenord",
            f"Hej {_line(name)},\n\n"
            "någon, förhoppningsvis du, har bett om ett nytt lösenord i Ringbinder.\n\n"
            f"Öppna länken för att välja det:\n\n{address}\n\n"
            f"Länken gäller i {_swedish(lifetime)} och en gång. Om det inte var du behöver du\n"
            "inte göra något: ditt lösenord gäller som förut.\n",
        )
    return Text(
        "A new password",
        f"Hello {_line(name)},\n\n"
        "somebody, hopefully you, has asked for a new password in Ringbinder.\n\n"
        f"Open this link to choose it:\n\n{address}\n\n"
        f"The link is good for {_english(lifetime)}, and once. If it was not you, you need\n"
        "not do anything: your password is as it was.\n",
    )


def password_changed_text(language: str | None, *, name: str, address: str) -> Text:
    """Tell a person that the password is another one now."""
    if language == SWEDISH:
        return Text(
            "Ditt lösenord har ändrats",
            f"Hej {_line(name)},\n\n"
            "ditt lösenord i Ringbinder har just ändrats. Om det inte var du: välj genast ett\n"
            f"nytt på {address} och säg till den som sköter er organisation.\n",
        )
    return Text(
        "Your password has been changed",
        f"Hello {_line(name)},\n\n"
        "your password in Ringbinder has just been changed. If it was not you, choose a new one\n"
        f"at once at {address}, and tell whoever administers your organisation.\n",
    )


def _line(text: str) -> str:
    """Keep a name that somebody chose from bringing lines of its own."""
    return " ".join(text.split())


def _swedish(lifetime: timedelta) -> str:
    days, hours = _days_and_hours(lifetime)
    if days:
        return f"{days} {'dag' if days == 1 else 'dagar'}"
    return f"{hours} {'timme' if hours == 1 else 'timmar'}"


def _english(lifetime: timedelta) -> str:
    days, hours = _days_and_hours(lifetime)
    if days:
        return f"{days} {'day' if days == 1 else 'days'}"
    return f"{hours} {'hour' if hours == 1 else 'hours'}"


def _days_and_hours(lifetime: timedelta) -> tuple[int, int]:
    return lifetime.days, max(1, round(lifetime.total_seconds() / 3600))
