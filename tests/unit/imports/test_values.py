import pytest

from ringbinder.features.imports.errors import SchemaLacksError
from ringbinder.features.imports.rules import Translator, can_be_created
from ringbinder.features.imports.types import RegisterRow, SchemaNeeds
from ringbinder.features.metadata.types import (
    GLOBAL_KEYS,
    AllowedValue,
    DataType,
    Element,
    Schema,
)

pytestmark = pytest.mark.unit


def element(
    name: str, data_type: DataType = DataType.TEXT, *values: AllowedValue, many: bool = False
) -> Element:
    reserved = GLOBAL_KEYS.get(name)
    return Element(
        key=1,
        metadata_element_id=name,
        data_type=reserved.data_type if reserved else data_type,
        label=f"{name} label",
        labels={"sv": f"{name} på svenska", "en": f"{name} label"},
        is_required=False,
        is_multi_value=many,
        position=0,
        values=values,
    )


def allowed(value_id: str, label: str, *, is_retired: bool = False) -> AllowedValue:
    return AllowedValue(value_id, label, {"sv": label, "en": f"{label} EN"}, 0, is_retired)


STATUS = (
    allowed("bygg", "Bygghandling"),
    allowed("BYGG", "BYGGHANDLING"),
    allowed("alt", "Gammal", is_retired=True),
)
ELEMENTS = (
    *(element(name) for name in GLOBAL_KEYS if name != "GLOBAL_Status"),
    element("GLOBAL_Status", DataType.ENUMERATED, *STATUS),
    element("Nummer"),
    element("Area", DataType.NUMBER),
    element("Granskad", DataType.BOOLEAN),
    element("Hus", DataType.ENUMERATED, allowed("a", "Hus A"), allowed("b", "Hus B"), many=True),
)
TRANSLATOR = Translator(Schema(1, {one.metadata_element_id: one for one in ELEMENTS}))


def row(**cells: str) -> RegisterRow:
    return RegisterRow(2, "a.pdf", None, {name.replace("__", " "): v for name, v in cells.items()})


def given(**cells: str) -> list[tuple[str, str | None, object]]:
    values = TRANSLATOR.given(row(**cells))
    return [(value.metadata_element_id, value.value_id, value.value) for value in values]


@pytest.mark.parametrize(
    ("column", "key"),
    [
        ("revision", "GLOBAL_Version"),
        ("Revision__date", "GLOBAL_RevisionDate"),
        ("document-date", "GLOBAL_Date"),
        ("Datum", "GLOBAL_Date"),
        ("NUMMER", "Nummer"),
        ("nummer__label", "Nummer"),
        ("nummer__på__svenska", "Nummer"),
        ("GLOBAL_Version", "GLOBAL_Version"),
    ],
)
def test_a_column_finds_its_element(column: str, key: str) -> None:
    assert given(**{column: "x"}) == [(key, None, "x")]


@pytest.mark.parametrize(
    ("text", "value_id"),
    [
        ("Bygghandling", "bygg"),
        ("bygghandling", "bygg"),
        ("BYGGHANDLING", "BYGG"),
        ("bygg", "bygg"),
        ("bygghandling en", "bygg"),
    ],
)
def test_a_list_value_is_found_by_label_and_id(text: str, value_id: str) -> None:
    assert given(status=text) == [("GLOBAL_Status", value_id, None)]


def test_several_values_stand_in_one_cell() -> None:
    assert given(hus="Hus B; hus a|") == [("Hus", "b", None), ("Hus", "a", None)]


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("area", "1 234,5", "1234.5"),
        ("area", "1\u00a0234.5", "1234.5"),
        ("area", "many", "many"),
        ("granskad", "Ja", True),
        ("granskad", "nej", False),
        ("granskad", "kanske", "kanske"),
    ],
)
def test_values_are_read_as_people_write_them(column: str, text: str, value: object) -> None:
    assert given(**{column: text})[0][2] == value


def test_all_that_is_missing_is_named_in_one_sentence() -> None:
    with pytest.raises(SchemaLacksError) as raised:
        given(titel="Plan", status="Ny", hus="Hus A;Hus C", nummer="1")
    assert raised.value.detail == (
        "The binder has no metadata element titel, no value Ny of GLOBAL_Status label, "
        "no value Hus C of Hus label."
    )


def test_a_retired_value_is_missing() -> None:
    assert TRANSLATOR.needs([row(status="Gammal")]).values == {"GLOBAL_Status": ("Gammal",)}


def test_needs_are_named_once() -> None:
    needs = TRANSLATOR.needs([row(titel="a", status="Ny"), row(titel="b", status="NY")])
    assert needs == SchemaNeeds(("titel",), {"GLOBAL_Status": ("Ny",)})
    assert not TRANSLATOR.needs([row(status="bygg")])


def test_only_what_can_be_a_label_is_created() -> None:
    needs = SchemaNeeds(("x" * 201, "ok"), {"a": ("two\nlines",), "b": ("ok", "y" * 201)})
    assert can_be_created(needs) == SchemaNeeds(("ok",), {"b": ("ok",)})
