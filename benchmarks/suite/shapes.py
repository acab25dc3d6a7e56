"""The shapes of searches that are measured, each with the best SQL that we know for it.

The SQL knows the keys of what it looks for, and so needs no look-up; it gives the rows of the page
and the exact total, as the endpoint does.
"""

from dataclasses import dataclass
from typing import Any, Final

from benchmarks.suite.library import (
    COMMON,
    FOLDERS_OF_TAB,
    MEDIUM,
    RARE,
    TABS,
    Library,
)

PAGE: Final = 50
MIDDLE: Final = 100
"""The binder of middle size; the first one is the largest."""

_COLUMNS: Final = """d.id, d.file_name, f.id, b.id, d.metadata_json, d.latest_version_id,
    d.created_at, d.updated_at"""
_JOINED: Final = """JOIN documents d ON d.key = p.key JOIN folders f ON f.key = d.folder_key
    JOIN binders b ON b.key = d.binder_key"""
_ALIVE: Final = "c.organisation_key = 1 AND c.deleted_at IS NULL"
_RAREST: Final = {RARE: "mps", MEDIUM: "esi"}
"""The parts of terms that are in no other names, by which SQLite finds them ten times as fast."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of search: what a client sends, and what its best SQL is.

    ``is_indexed`` says that its cost should not depend on how many documents there are.
    """

    name: str
    query: str
    body: dict[str, Any]
    sql: dict[str, str]
    is_indexed: bool = True


def shapes_of(library: Library) -> list[Shape]:
    """Give the shapes, with what they look for in a library."""
    middle, largest = MIDDLE, 1
    tab = (middle - 1) * TABS * FOLDERS_OF_TAB + 1
    tabs = ", ".join(str(tab + place) for place in range(FOLDERS_OF_TAB))
    deep = min(1000, library.size * 6 // 10 // PAGE)
    deep_in_binder = min(1000, library.size * 5 // 100 // PAGE)

    def binder(key: int) -> dict[str, str]:
        return _filter("GLOBAL_BinderId", library.binder_id(key))

    two_keys = [_filter("Disciplin", "000"), _filter("Fas", "002")]
    return [
        Shape("binder, page 1", "", _body(binder(middle)), _named(middle, 1)),
        Shape("largest binder, page 1", "", _body(binder(largest)), _named(largest, 1)),
        Shape(
            f"largest binder, page {deep_in_binder}",
            f"&pageNumber={deep_in_binder}",
            _body(binder(largest)),
            _named(largest, deep_in_binder),
            is_indexed=False,
        ),
        Shape(
            "binder + tab",
            "",
            _body(binder(middle), _filter("GLOBAL_TabId", str(library.folder_id(tab)))),
            _both(_gathered(f"{_ALIVE} AND c.folder_key IN ({tabs})")),
        ),
        Shape("binder + 2 custom keys", "", _body(binder(middle), *two_keys), _two_keys(middle)),
        Shape(
            "largest binder + 2 custom keys",
            "",
            _body(binder(largest), *two_keys),
            _two_keys(largest),
            is_indexed=False,
        ),
        Shape("common custom key", "", _body(two_keys[0]), _common_key()),
        Shape("rare custom key", "", _body(_filter("Arkivnummer", value="ARK/00007")), _rare_key()),
        *(
            Shape(
                f"searchTerm {what}",
                f"&searchTerm={term}",
                {},
                _term(term, what),
                is_indexed=False,
            )
            for what, term in (("rare", RARE), ("medium", MEDIUM), ("common", COMMON))
        ),
        Shape(
            "searchTerm common, in binder",
            f"&searchTerm={COMMON}",
            _body(binder(middle)),
            _both(
                _gathered(f"{_ALIVE} AND c.binder_key = {middle} AND c.sort_name LIKE '%{COMMON}%'")
            ),
        ),
        Shape(
            "largest binder by custom key",
            "",
            _body(binder(largest), sort="Objekt"),
            _by_key(largest),
        ),
        Shape("everything by custom key", "", _body(sort="Objekt"), _by_key(None)),
        Shape("everything, page 1", "", {}, _named(None, 1)),
        Shape(f"everything, page {deep}", f"&pageNumber={deep}", {}, _named(None, deep)),
    ]


def _filter(key: str, value_id: str | None = None, value: str | None = None) -> dict[str, str]:
    given = {"valueId": value_id} if value_id is not None else {"value": value or ""}
    return {"metadataElementId": key, **given}


def _body(*filters: dict[str, str], sort: str | None = None) -> dict[str, Any]:
    body: dict[str, Any] = {"MetadataFilters": list(filters)}
    if sort is not None:
        body["SortBy"] = [{"metadataElementId": sort, "direction": "asc"}]
    return body


def _both(sql: str) -> dict[str, str]:
    return {"sqlite": sql, "postgresql": sql}


def _counter(kind: int, binder: int = 0, subject: int = 0, value: str = "") -> str:
    return f"""(SELECT count FROM counters WHERE organisation_key = 1 AND kind = {kind}
        AND binder_key = {binder} AND subject_key = {subject} AND value = '{value}')"""  # noqa: S608 - ours


def _walked(where: str, total: str, page: int = 1) -> str:
    return f"""WITH p AS MATERIALIZED (
        SELECT c.key, c.sort_name FROM documents c WHERE {where}
        ORDER BY c.sort_name, c.key LIMIT {PAGE + 1} OFFSET {(page - 1) * PAGE})
    SELECT {total}, {_COLUMNS} FROM p {_JOINED} ORDER BY p.sort_name, p.key"""  # noqa: S608 - ours


def _gathered(where: str, source: str = "documents c") -> str:
    return f"""WITH hits AS MATERIALIZED (SELECT c.key, c.sort_name FROM {source} WHERE {where}),
    p AS MATERIALIZED (SELECT * FROM hits ORDER BY sort_name, key LIMIT {PAGE + 1})
    SELECT (SELECT count(*) FROM hits), {_COLUMNS} FROM p {_JOINED}
    ORDER BY p.sort_name, p.key"""  # noqa: S608 - ours


def _named(binder: int | None, page: int) -> dict[str, str]:
    if binder is None:
        return _both(_walked(_ALIVE, _counter(0), page))
    return _both(_walked(f"{_ALIVE} AND c.binder_key = {binder}", _counter(1, binder), page))


def _two_keys(binder: int) -> dict[str, str]:
    source = """document_metadata a JOIN document_metadata e ON e.organisation_key = 1
        AND e.element_key = 102 AND e.value = '002' AND e.binder_key = a.binder_key
        AND e.document_key = a.document_key JOIN documents c ON c.key = a.document_key"""
    where = f"""a.organisation_key = 1 AND a.element_key = 100 AND a.value = '000'
        AND a.binder_key = {binder}"""
    return _both(_gathered(where, source))


def _common_key() -> dict[str, str]:
    has_key = f"""{_ALIVE} AND EXISTS (SELECT 1 FROM document_metadata e
        WHERE e.organisation_key = 1 AND e.element_key = 100 AND e.value = '000'
        AND e.binder_key = c.binder_key AND e.document_key = c.key{{}})"""  # noqa: S608 - ours
    total = _counter(3, 0, 100, "000")
    return {
        "sqlite": _walked(has_key.format(""), total),
        "postgresql": _walked(has_key.format(" OFFSET 0"), total),
    }


def _rare_key() -> dict[str, str]:
    where = "a.organisation_key = 1 AND a.element_key = 108 AND a.value = 'ark/00007'"
    source = "document_metadata a JOIN documents c ON c.key = a.document_key"
    return _both(_gathered(where, source))


def _term(term: str, what: str) -> dict[str, str]:
    if what == "common":
        named = f"{_ALIVE} AND c.sort_name LIKE '%{term}%'"
        count = f"(SELECT count(*) FROM documents c WHERE {named})"  # noqa: S608 - ours
        return _both(_walked(named, count))
    named = f"{_ALIVE} AND c.name_key LIKE '%{term}%'"
    found = f"""(SELECT rowid AS key FROM document_names
        WHERE document_names MATCH '"{_RAREST[term]}"') t CROSS JOIN documents c ON c.key = t.key"""  # noqa: S608 - ours
    return {"sqlite": _gathered(named, found), "postgresql": _gathered(named)}


def _by_key(binder: int | None) -> dict[str, str]:
    where = "v.organisation_key = 1 AND v.element_key = 103"
    total = _counter(0)
    if binder is not None:
        where, total = f"{where} AND v.binder_key = {binder}", _counter(1, binder)
    return _both(
        f"""WITH p AS MATERIALIZED (
        SELECT v.document_key AS key, v.value FROM document_metadata v WHERE {where}
        ORDER BY v.value, v.document_key LIMIT {PAGE + 1})
    SELECT {total}, {_COLUMNS} FROM p {_JOINED} ORDER BY p.value, p.key"""  # noqa: S608 - ours
    )
