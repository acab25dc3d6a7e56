from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from ringbinder.entrypoints.cli.demo.catalogue import DemoDocument, DemoVersion, demo_organisation
from ringbinder.entrypoints.cli.demo.drawings import DrawingSheet, ManualSheet, render
from ringbinder.entrypoints.cli.demo.drawings.pen import Type, text_width

pytestmark = pytest.mark.unit

PROJECT, FACILITY = demo_organisation().binders
DOCUMENTS = [*PROJECT.documents, *FACILITY.documents]
VERSIONS = [
    pytest.param(version, id=f"{document.path[0]}-{document.file_name}-{version.label}")
    for document in DOCUMENTS
    for version in document.versions
]
DRAWINGS = [d for d in PROJECT.documents if isinstance(d.versions[0].sheet, DrawingSheet)]
REVISED = [
    pytest.param(document, id=document.file_name)
    for document in DRAWINGS
    if len(document.versions) > 1
]


RENDERED: dict[int, bytes] = {}


def rendered(version: DemoVersion) -> bytes:
    key = id(version)
    if key not in RENDERED:
        RENDERED[key] = version.render()
    return RENDERED[key]


def read(content: bytes) -> PdfReader:
    return PdfReader(BytesIO(content), strict=True)


def words_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in read(content).pages)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_version_says_what_it_is(version: DemoVersion) -> None:
    content, sheet = rendered(version), version.sheet
    words = " ".join(words_of(content).split())
    assert sheet.number in words
    assert sheet.project in words
    for part in sheet.title.split(", "):
        assert part in words
    if isinstance(sheet, DrawingSheet):
        assert sheet.status.upper() in words
        for revision in sheet.revisions:
            assert revision.note in words
            assert f"{revision.letter} {revision.count} {revision.note}" in words
            assert revision.date.isoformat() in words
    else:
        assert f"utgåva {sheet.revision}" in words


@pytest.mark.parametrize("version", VERSIONS)
def test_a_version_is_small_and_the_same_each_time(version: DemoVersion) -> None:
    content = rendered(version)
    assert content == version.render()
    assert 10_000 <= len(content) <= 64_000


@pytest.mark.parametrize("version", VERSIONS)
def test_the_pages_have_their_format(version: DemoVersion) -> None:
    reader = read(rendered(version))
    sizes = {
        (
            round(float(page.mediabox.width) / 72 * 25.4),
            round(float(page.mediabox.height) / 72 * 25.4),
        )
        for page in reader.pages
    }
    if isinstance(version.sheet, ManualSheet):
        assert sizes == {(210, 297)}
        assert 2 <= len(reader.pages) <= 4
        last = reader.pages[-1].extract_text()
        assert f"Sida {len(reader.pages)} ({len(reader.pages)})" in last
    else:
        assert sizes == {(420, 297)}
        assert len(reader.pages) == 1


@pytest.mark.parametrize("document", REVISED)
def test_a_revision_is_drawn_too(document: DemoDocument) -> None:
    last = document.versions[-1].sheet
    assert isinstance(last, DrawingSheet)
    before = replace(last, revisions=last.revisions[:-1])
    assert _curves(render(last)) != _curves(render(before))


def _curves(content: bytes) -> list[str]:
    stream = read(content).pages[0].get_contents()
    assert stream is not None
    return [
        line for line in stream.get_data().decode("latin-1").splitlines() if line.endswith(" c")
    ]


def test_no_two_drawings_look_alike() -> None:
    pictures = {}
    for document in DRAWINGS:
        sheet = document.versions[0].sheet
        assert isinstance(sheet, DrawingSheet)
        same = replace(sheet, title="Samma", date=sheet.date.replace(year=2024, month=1, day=1))
        stream = read(render(same)).pages[0].get_contents()
        assert stream is not None
        pictures[sheet.number] = stream.get_data()
    assert len(set(pictures.values())) == len({*pictures})


@pytest.mark.parametrize("document", [pytest.param(d, id=d.file_name) for d in DRAWINGS])
def test_nothing_is_drawn_outside_the_sheet(document: DemoDocument) -> None:
    reader = read(rendered(document.versions[-1]))
    places: list[tuple[float, float]] = []

    def note(text: str, matrix: list[float], text_matrix: list[float], *_: object) -> None:
        if text.strip():
            x = text_matrix[4] * matrix[0] + text_matrix[5] * matrix[2] + matrix[4]
            y = text_matrix[4] * matrix[1] + text_matrix[5] * matrix[3] + matrix[5]
            places.append((x / 72 * 25.4, y / 72 * 25.4))

    reader.pages[0].extract_text(visitor_text=note)
    assert len(places) > 40
    for x, y in places:
        assert 0 <= x <= 415
        assert 4 <= y <= 290


def test_swedish_letters_have_their_width() -> None:
    assert text_width("å", Type(10)) == text_width("a", Type(10))
