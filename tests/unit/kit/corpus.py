"""The names of the example project's files, where it is at hand."""

from pathlib import Path

import pytest

_FILES = Path(__file__).parents[4] / "shared" / "corpus" / "files"


def corpus_names() -> list[str]:
    """Give the names of all files of the corpus; skip the test where there is none."""
    if not _FILES.is_dir():
        pytest.skip("the corpus of example files is not on this machine")
    return sorted(path.name for path in _FILES.rglob("*") if path.is_file())
