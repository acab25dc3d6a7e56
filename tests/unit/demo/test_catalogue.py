from collections import Counter
from datetime import date

import pytest

from ringbinder.entrypoints.cli.demo.catalogue import (
    DemoBinder,
    DemoDocument,
    DemoElement,
    DemoVersion,
    demo_organisation,
)

pytestmark = pytest.mark.unit

ORGANISATION = demo_organisation()
STATUS_ORDER = (
    "preliminarhandling",
    "forfragningsunderlag",
    "bygghandling",
    "relationshandling",
    "utgar",
)
CASES = [
    pytest.param(binder, document, id=f"{binder.type}-{document.file_name}")
    for binder in ORGANISATION.binders
    for document in binder.documents
]
BINDERS = [pytest.param(binder, id=binder.type) for binder in ORGANISATION.binders]


def schema(binder: DemoBinder) -> dict[str, DemoElement]:
    return {element.metadata_element_id: element for element in binder.elements}


def fits(element: DemoElement, value: object) -> bool:
    if element.data_type == "Enumerated":
        return value in {allowed.value_id for allowed in element.values}
    if element.data_type == "Number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if element.data_type == "Date":
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    return isinstance(value, bool if element.data_type == "Boolean" else str)


def wrong_values(binder: DemoBinder, version: DemoVersion) -> list[str]:
    elements, wrong = schema(binder), []
    for key, value in {**version.metadata, "GLOBAL_Status": version.status}.items():
        element = elements[key]
        many = value if isinstance(value, tuple) else (value,)
        if isinstance(value, tuple) != element.is_multi_value or not many:
            wrong.append(key)
        wrong += [key for one in many if not fits(element, one)]
    return wrong


def test_the_organisation_has_a_project_and_a_facility() -> None:
    assert ORGANISATION.name == "Fastighets AB Kastanjen"
    assert [binder.type for binder in ORGANISATION.binders] == ["project", "facility"]
    assert len({binder.name for binder in ORGANISATION.binders}) == 2


def test_there_is_enough_to_look_at() -> None:
    documents = [document for binder in ORGANISATION.binders for document in binder.documents]
    assert 40 <= len(documents) <= 60
    assert sum(2 <= len(document.versions) <= 4 for document in documents) >= 15
    assert max(len(document.versions) for document in documents) == 4


def test_it_is_the_same_on_every_call() -> None:
    assert demo_organisation() == ORGANISATION


@pytest.mark.parametrize("binder", BINDERS)
def test_folder_names_are_unique_among_siblings(binder: DemoBinder) -> None:
    paths = Counter(path for path, _ in binder.iter_folders())
    assert max(paths.values()) == 1


@pytest.mark.parametrize("binder", BINDERS)
def test_every_folder_below_holds_a_document(binder: DemoBinder) -> None:
    used = {document.path for document in binder.documents}
    assert {path for path, folder in binder.iter_folders() if not folder.folders} <= used


@pytest.mark.parametrize("binder", BINDERS)
def test_file_names_are_unique_in_their_folder(binder: DemoBinder) -> None:
    names = Counter((d.path, d.file_name.casefold()) for d in binder.documents)
    assert max(names.values()) == 1


@pytest.mark.parametrize("binder", BINDERS)
def test_elements_are_well_formed(binder: DemoBinder) -> None:
    assert len(schema(binder)) == len(binder.elements)
    for element in binder.elements:
        assert bool(element.values) == (element.data_type == "Enumerated")
        assert element.label_sv
        assert element.label_en
        ids = [value.value_id for value in element.values]
        assert len(set(ids)) == len(ids)


def test_a_key_means_the_same_in_both_binders() -> None:
    project, facility = (schema(binder) for binder in ORGANISATION.binders)
    for key in project.keys() & facility.keys():
        assert project[key] == facility[key]


@pytest.mark.parametrize(("binder", "document"), CASES)
def test_the_folder_of_a_document_exists(binder: DemoBinder, document: DemoDocument) -> None:
    types = {path: folder.type for path, folder in binder.iter_folders()}
    assert types[document.path] != "container"


@pytest.mark.parametrize(("binder", "document"), CASES)
def test_every_value_is_allowed(binder: DemoBinder, document: DemoDocument) -> None:
    for version in document.versions:
        assert wrong_values(binder, version) == []


@pytest.mark.parametrize(("binder", "document"), CASES)
def test_required_keys_are_there(binder: DemoBinder, document: DemoDocument) -> None:
    required = {key for key, element in schema(binder).items() if element.is_required}
    for version in document.versions:
        assert required <= {*version.metadata, *version.reserved_metadata}


@pytest.mark.parametrize(("binder", "document"), CASES)
def test_versions_go_forward(binder: DemoBinder, document: DemoDocument) -> None:
    del binder
    versions = document.versions
    assert len({version.label for version in versions}) == len(versions)
    ranks = [STATUS_ORDER.index(version.status) for version in versions]
    assert ranks == sorted(ranks)
    dates = [version.revision_date or version.document_date for version in versions]
    assert dates == sorted(set(dates))
