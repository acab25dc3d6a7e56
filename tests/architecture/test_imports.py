"""The one rule of direction that import-linter cannot say; the others are in pyproject.toml."""

import grimp

FEATURES = "ringbinder.features."
OPEN_TO_OTHER_FEATURES = {"service", "errors", "types"}


def trespasses(graph: grimp.ImportGraph) -> list[str]:
    """List the imports of another feature's private words, as 'importer -> imported'."""
    words = (module for module in graph.modules if len(_below_features(module)) > 1)
    return sorted(
        f"{importer} -> {module}"
        for module in words
        for importer in graph.find_modules_that_directly_import(module)
        if _is_trespass(_below_features(importer), _below_features(module))
    )


def _below_features(module: str) -> list[str]:
    """Split ringbinder.features.binders.service into ['binders', 'service']; [] elsewhere."""
    return module.removeprefix(FEATURES).split(".") if module.startswith(FEATURES) else []


def _is_trespass(importer: list[str], imported: list[str]) -> bool:
    """Judge one import; app and entrypoints, which are no features, may put any part in place."""
    (feature, word, *_) = imported
    is_foreign = importer[:1] not in ([], [feature])
    # One wire format may hold another: the answer of a commit holds a document and a version.
    is_nested_format = word == "schemas" and importer[1:2] == ["schemas"]
    return is_foreign and word not in OPEN_TO_OTHER_FEATURES and not is_nested_format


def test_features_meet_only_by_service_errors_and_types() -> None:
    assert trespasses(grimp.build_graph("ringbinder", cache_dir=None)) == []


def test_a_trespass_would_be_seen() -> None:
    graph = grimp.ImportGraph()
    for importer, imported in [
        ("binders.service.moving", "documents.service.commit"),
        ("binders.service.moving", "documents.repository.rows"),
        ("binders.rules", "documents.schemas"),
        ("uploads.schemas", "documents.schemas.answers"),
        ("documents.service.commit", "documents.repository.rows"),
    ]:
        graph.add_import(importer=f"{FEATURES}{importer}", imported=f"{FEATURES}{imported}")
    graph.add_import(importer="ringbinder.app.routers", imported=f"{FEATURES}documents.routes")
    assert trespasses(graph) == [
        f"{FEATURES}binders.rules -> {FEATURES}documents.schemas",
        f"{FEATURES}binders.service.moving -> {FEATURES}documents.repository.rows",
    ]
