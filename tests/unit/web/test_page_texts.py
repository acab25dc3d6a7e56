"""Languages, formats and the small rules of pages."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ringbinder.kit.sealing import Sealer
from ringbinder.web.pages.formats import Formats
from ringbinder.web.pages.languages import language_of
from ringbinder.web.pages.notices import Notice, NoticeKind, open_notice, seal_notice
from ringbinder.web.pages.rendering import local_path

pytestmark = pytest.mark.unit

STOCKHOLM = ZoneInfo("Europe/Stockholm")
SV, EN = Formats("sv", STOCKHOLM), Formats("en", STOCKHOLM)
MOMENT = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)
NBSP = "\xa0"


@pytest.mark.parametrize(
    ("header", "chosen", "language"),
    [
        ("sv-SE,sv;q=0.9,en;q=0.8", None, "sv"),
        ("en-US,en;q=0.9,sv;q=0.8", None, "en"),
        ("en;q=0.1,sv;q=0.7", None, "sv"),
        ("de", None, "en"),
        ("sv;q=0", None, "en"),
        ("", None, "en"),
        ("sv;q=nonsense, ,;;", None, "en"),
        ("en", "sv", "sv"),
        ("en", "xx", "en"),
    ],
)
def test_the_language_is_the_chosen_one_or_the_browsers(
    header: str, chosen: str | None, language: str
) -> None:
    assert language_of(header, chosen) == language


def test_dates_follow_the_language() -> None:
    assert SV.date(date(2026, 1, 5)) == "2026-01-05"
    assert EN.date("2026-01-05") == "5 Jan 2026"
    assert SV.date("not a date") == "not a date"
    assert SV.date(None) == ""
    assert SV.moment(MOMENT) == "2026-11-24 15:05"
    assert EN.moment(MOMENT) == "24 Nov 2026, 15:05"
    assert EN.iso(MOMENT) == "2026-11-24T14:05:00Z"


def test_what_was_lately_is_told_by_how_long_ago() -> None:
    now = MOMENT + timedelta(hours=3)
    assert SV.ago(MOMENT, now) == "för 3 timmar sedan"
    assert EN.ago(MOMENT, now) == "3 hours ago"
    assert EN.ago(MOMENT, MOMENT + timedelta(days=60)) == "24 Nov 2026"


def test_sizes_and_numbers_follow_the_language() -> None:
    assert SV.size(999) == f"999{NBSP}B"
    assert SV.size(1_540_000) == f"1,5{NBSP}MB"
    assert EN.size(1_540_000) == f"1.5{NBSP}MB"
    assert EN.size(250_000_000) == f"250{NBSP}MB"
    assert EN.size(5 * 10**15) == f"5,000{NBSP}TB"
    assert SV.number(70_000) == f"70{NBSP}000"
    assert EN.number(70_000) == "70,000"


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("/binders/A?tab=1", "/binders/A?tab=1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/a\nset-cookie: b", "/"),
        (None, "/"),
        ("", "/"),
    ],
)
def test_the_way_back_stays_here(given: str | None, path: str) -> None:
    assert local_path(given) == path


def test_a_notice_comes_out_of_its_cookie_unless_it_was_touched() -> None:
    sealer = Sealer("x" * 32)
    notice = Notice("Åtgärdat", NoticeKind.INFO, undo="/documents/1/restore")
    sealed = seal_notice(sealer, notice)
    assert open_notice(sealer, sealed) == notice
    assert open_notice(Sealer("y" * 32), sealed) is None
    assert open_notice(sealer, "nonsense") is None
    assert seal_notice(sealer, Notice("x" * 4000)) is None
