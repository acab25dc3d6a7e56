"""Which passwords are refused."""

import pytest

from ringbinder.features.signin.rules.common import WORDS
from ringbinder.features.signin.rules.passwords import (
    MAXIMUM_LENGTH,
    MINIMUM_LENGTH,
    fault_of,
    normalised,
)
from ringbinder.features.signin.types import PasswordFault

pytestmark = pytest.mark.unit

ABOUT = ["Anna Lindqvist", "anna.lindqvist@kastanjen.example", "Fastighets AB Kastanjen"]


@pytest.mark.parametrize(
    "password",
    [
        "grankotte-vinkelhake",
        "hammare och spik 7",
        "correct horse battery",
        "vdXk28hsQplz",
        "min cykel är röd",
        "the cat is my best friend",
        "🔑🔒🗝🧰🔨🪛🔧🪚⚙🧱",
        "8417 2290 5538 1067",
        "x" + "åäöqwj" * 3,
    ],
)
def test_good_ones(password: str) -> None:
    assert fault_of(password, about=ABOUT) is None


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "Password123!",
        "p4ssw0rd2024",
        "P@$$w0rd!!!",
        "1234567890",
        "0987654321",
        "112233445566",
        "19840512198405",
        "qwertyuiop",
        "asdfghjkl123",
        "1q2w3e4r5t6y",
        "aaaaaaaaaaaa",
        "abababababab",
        "abcdefghij",
        "iloveyou1234",
        "Sommaren2024!",
        "VÄLKOMMEN2024",
        "lösenord1234",
        "\uff30\uff21\uff33\uff33\uff37\uff2f\uff32\uff24123",
        "sommarsommar",
        "123!password!123",
        "pass-word-2024",
        "ringbinder1",
        "hejhejhejhej",
        "superdragon99",
    ],
)
def test_common_ones(password: str) -> None:
    assert fault_of(password, about=ABOUT) is PasswordFault.COMMON


@pytest.mark.parametrize(
    "password", ["annalindqvist", "Lindqvist1984!", "kastanjen2024", "Kastanjen-Anna"]
)
def test_personal_ones(password: str) -> None:
    assert fault_of(password, about=ABOUT) is PasswordFault.PERSONAL


def test_the_length_counts_what_people_see() -> None:
    assert fault_of("vdXk28hsQ") is PasswordFault.TOO_SHORT
    assert fault_of("vdXk28hsQp") is None
    decomposed = "o\u0308vdXk28hs"
    assert len(decomposed) == MINIMUM_LENGTH
    assert fault_of(decomposed) is PasswordFault.TOO_SHORT
    long = "grankotte vinkelhake " * 20
    assert fault_of(long[:MAXIMUM_LENGTH]) is None
    assert fault_of(long[: MAXIMUM_LENGTH + 1]) is PasswordFault.TOO_LONG


def test_the_same_keys_are_the_same_password() -> None:
    assert normalised("Gra\u0308nna") == normalised("Gränna")


def test_the_words_are_as_they_are_compared() -> None:
    assert len(WORDS) > 1000
    assert all(word == normalised(word).casefold() for word in WORDS)
