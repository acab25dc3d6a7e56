import pytest

from ringbinder.features.metadata.types import GivenValue
from ringbinder.features.uploads import rules
from ringbinder.kit.errors import FieldErrors

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("file_name", "content_type"),
    [
        ("A-40.1-1001 Plan 1.PDF", "application/pdf"),
        ("A-40.1-1001 Plan 1.pdf ", "application/pdf"),
        ("Modell.ifc", "application/x-step"),
        ("Plan.dwg", "image/vnd.dwg"),
        ("Plan.DXF", "image/vnd.dxf"),
        ("Granskning.bcfzip", "application/zip"),
        ("brev.msg", "application/vnd.ms-outlook"),
        ("mängder.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("arkiv.tar.gz", "application/gzip"),
        ("utan filändelse", "application/octet-stream"),
        (".pdf", "application/octet-stream"),
        ("data:text/html,x.pdf", "application/pdf"),
        ("något.okänt", "application/octet-stream"),
    ],
)
def test_the_extension_tells_the_media_type(file_name: str, content_type: str) -> None:
    assert rules.guess_content_type(file_name) == content_type


def test_given_metadata_is_read_back_as_it_was() -> None:
    given = (
        GivenValue("Nummer", None, "A-40", "metadata[0]"),
        GivenValue("GLOBAL_Status", "Bygghandling", None, "metadata[1]"),
        GivenValue("Antal", None, 2.5, "metadata[2]"),
        GivenValue("Klar", None, value=True, path="metadata[3]"),
        GivenValue("Bort", None, None, "metadata[4]"),
    )
    assert rules.given_from_json(rules.given_to_json(given)) == given


def test_all_that_is_wrong_becomes_one_text() -> None:
    error = FieldErrors({"metadata[0].value": ["No.", "Not at all."], "metadata": ["Missing."]})
    assert rules.sentences_of(error) == (
        "metadata[0].value: No. metadata[0].value: Not at all. metadata: Missing."
    )
