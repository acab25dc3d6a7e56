import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringbinder.features.zips.rules import safe_name

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Plan 1.pdf", "Plan 1.pdf"),
        ("Översiktsplan.pdf", "Översiktsplan.pdf"),
        ("🏗️ Byggplats 👷🏽‍♀️.jpg", "🏗️ Byggplats 👷🏽‍♀️.jpg"),
        ('a<b>c:d"e|f?g*.pdf', "a_b_c_d_e_f_g_.pdf"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("..", "_"),
        ("C:\\Windows", "C__Windows"),
        ("CON", "_CON"),
        ("con.pdf", "_con.pdf"),
        ("LPT1.tar.gz", "_LPT1.tar.gz"),
        ("CONTRACT.pdf", "CONTRACT.pdf"),
        ("avslutande blanksteg.pdf ", "avslutande blanksteg.pdf_"),
        ("punkt.", "punkt_"),
        ("fdp.\u202efdp.pdf", "fdp._fdp.pdf"),
        ("\u200b", "_"),
        ("", "_"),
    ],
)
def test_names_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text())
def test_no_name_is_unsafe(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert not set('<>:"|?*\\/\0') & set(safe)
    assert safe not in {".", ".."}
    assert safe[-1] not in ". "
    assert safe_name(safe) == safe or safe.startswith("_")
