"""Dates, sizes and numbers as a reader of the page expects them."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_date, format_timedelta
from babel.numbers import format_decimal

Day = date
_LOCALES: Final = {"sv": Locale("sv", "SE"), "en": Locale("en", "GB")}
_DATES: Final = {"sv": "yyyy-MM-dd", "en": "d MMM yyyy"}
_BEFORE_TIME: Final = {"sv": " ", "en": ", "}
_GLUE: Final = "\N{NO-BREAK SPACE}"
_UNITS: Final = ("kB", "MB", "GB", "TB")
_THOUSAND: Final = 1000
_WHOLE_FROM: Final = 100
_RELATIVE_WITHIN: Final = timedelta(days=14)


# A list shows the same few days again and again, and writing one takes longer than a cell may.
@lru_cache(maxsize=10_000)
def _written_day(day: Day, language: str) -> str:
    return format_date(day, _DATES[language], locale=_LOCALES[language])


class Formats:
    """Writes values in a language, times in a zone."""

    def __init__(self, language: str, zone: ZoneInfo) -> None:
        """Write in one of the languages of the pages."""
        self._locale = _LOCALES[language]
        self._language = language
        self._zone = zone

    def date(self, value: date | str | None) -> str:
        """Write a day; what is no day is given back as it is, nothing as an empty text."""
        if value is None or value == "":
            return ""
        try:
            day = date.fromisoformat(value) if isinstance(value, str) else value
        except ValueError:
            return str(value)
        return _written_day(day, self._language)

    def moment(self, value: datetime | None) -> str:
        """Write day, hour and minute."""
        if value is None:
            return ""
        local = value.astimezone(self._zone)
        return f"{self.date(local.date())}{_BEFORE_TIME[self._language]}{local:%H:%M}"

    def begin_of(self, day: Day) -> datetime:
        """Give the moment at which a day begins in the zone."""
        return datetime.combine(day, time.min, self._zone).astimezone(UTC)

    def second(self, value: datetime) -> str:
        """Write day and time to the second."""
        return f"{self.moment(value)}:{value.astimezone(self._zone):%S}"

    def ago(self, value: datetime | None, now: datetime | None = None) -> str:
        """Write how long ago something was, or its day where that is more than two weeks."""
        if value is None:
            return ""
        passed = (now or datetime.now(UTC)) - value
        if passed > _RELATIVE_WITHIN:
            return self.date(value.astimezone(self._zone).date())
        return format_timedelta(-passed, add_direction=True, locale=self._locale)

    def span(self, value: timedelta) -> str:
        """Write how long something lasts."""
        return format_timedelta(value, threshold=2, locale=self._locale)

    def iso(self, value: datetime) -> str:
        """Write a moment for machines."""
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

    def number(self, value: float) -> str:
        """Write a number with the language's separators."""
        return format_decimal(value, locale=self._locale)

    def size(self, size_bytes: int) -> str:
        """Write a size in bytes, kB, MB, GB or TB of a thousand each."""
        if size_bytes < _THOUSAND:
            return f"{size_bytes}{_GLUE}B"
        value, power = size_bytes / _THOUSAND, 0
        while value >= _THOUSAND and power < len(_UNITS) - 1:
            value, power = value / _THOUSAND, power + 1
        pattern = "#,##0" if value >= _WHOLE_FROM else "#,##0.#"
        return f"{format_decimal(value, pattern, locale=self._locale)}{_GLUE}{_UNITS[power]}"
