import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringbinder.kit.headers import content_disposition, etag, if_match, if_none_match
from ringbinder.kit.names import name_problems
from tests.unit.kit.corpus import corpus_names

pytestmark = pytest.mark.unit

_FORM = re.compile(
    r"(?P<kind>attachment|inline)"
    r'; filename="(?P<plain>[^"\\%\x00-\x1f\x7f-\U0010ffff]+)"'
    r"(?:; filename\*=UTF-8''(?P<exact>(?:[A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-F]{2})+))?"
)


def _file_name(value: str) -> str:
    """Read the name as a client does that knows RFC 8187."""
    match = _FORM.fullmatch(value)
    assert match, value
    return unquote(match["exact"], errors="strict") if match["exact"] else match["plain"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Plan 1.pdf", 'attachment; filename="Plan 1.pdf"'),
        ("Dörr.dxf", "attachment; filename=\"Dorr.dxf\"; filename*=UTF-8''D%C3%B6rr.dxf"),
        ("100%.pdf", "attachment; filename=\"100_.pdf\"; filename*=UTF-8''100%25.pdf"),
        ("a;b.pdf", "attachment; filename=\"a_b.pdf\"; filename*=UTF-8''a%3Bb.pdf"),
        ("日.dxf", "attachment; filename=\"_.dxf\"; filename*=UTF-8''%E6%97%A5.dxf"),
        ("a ", "attachment; filename=\"a \"; filename*=UTF-8''a%20"),
        ('"\r\n/', "attachment; filename=\"____\"; filename*=UTF-8''%22___"),
        ("", "attachment; filename=\"file\"; filename*=UTF-8''file"),
    ],
)
def test_content_disposition(name: str, value: str) -> None:
    assert content_disposition("attachment", name) == value


@given(st.text(st.characters()))
def test_every_accepted_name_comes_back(name: str) -> None:
    value = content_disposition("inline", name)
    assert name_problems(name) or _file_name(value) == name


@given(st.text(st.characters(exclude_categories=())))
def test_nothing_breaks_out_of_the_header(name: str) -> None:
    value = content_disposition("attachment", name)
    assert _FORM.fullmatch(value)
    assert value.isascii()
    assert value.isprintable()


@pytest.mark.parametrize("name", ["..", ".", "\u2025", " ", "\uff0e\uff0e"])
def test_the_plain_name_is_never_a_folder(name: str) -> None:
    assert 'filename="file"' in content_disposition("attachment", name)


def test_every_name_of_the_corpus_comes_back() -> None:
    names = corpus_names()
    assert [_file_name(content_disposition("attachment", name)) for name in names] == names


def test_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="attachment"):
        content_disposition("inline\r\nx: y", "a")  # type: ignore[arg-type] # the wrong kind itself


def test_entity_tags_are_quoted() -> None:
    assert etag("v1") == '"v1"'
    assert etag("v1", weak=True) == 'W/"v1"'


@pytest.mark.parametrize("value", ['a"b', "a b", "a\r\nb", "a\x7f", "日"])
def test_values_that_no_entity_tag_can_hold(value: str) -> None:
    with pytest.raises(ValueError, match="entity tag"):
        etag(value)


@pytest.mark.parametrize(
    ("header", "current", "strong", "weak"),
    [
        ('"a"', '"a"', True, True),
        ('"b"', '"a"', False, False),
        ('W/"a"', '"a"', False, True),
        ('"a"', 'W/"a"', False, True),
        ('W/"a"', 'W/"a"', False, True),
        ('"b", W/"c","a"', '"a"', True, True),
        (', ,"b" , ,"a",', '"a"', True, True),
        ('"x,y", "a"', '"a"', True, True),
        ('"x, "a", y"', '"a"', False, False),
        ("*", '"a"', True, True),
        (" * ", 'W/"a"', True, True),
        ('"A"', '"a"', False, False),
        ("a", '"a"', False, False),
        ('w/"a"', '"a"', False, False),
        ('"a" "b"', '"a"', False, False),
        ('"a", nonsense', '"a"', False, False),
        ("", '"a"', False, False),
        ('"a"', None, False, False),
        ("*", None, False, False),
    ],
)
def test_conditions(header: str, current: str | None, *, strong: bool, weak: bool) -> None:
    assert if_match(header, current) is strong
    assert if_none_match(header, current) is not weak


def test_a_long_malformed_list_is_refused_quickly() -> None:
    assert not if_match('"a", ' * 50_000 + "x" + " ," * 50_000, '"a"')
