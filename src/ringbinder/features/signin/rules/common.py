"""The words from which the commonest breached passwords are made.

``common.txt`` was written for this project from what published counts of breached passwords agree
on: the words that come first in them everywhere, and the same for Swedish. A password is compared
after its decoration was taken off, so that one word stands for thousands of passwords
(``Password123!``, ``p4ssw0rd2024``): see :mod:`ringbinder.features.signin.rules.passwords`.
"""

from pathlib import Path
from typing import Final

WORDS: Final = frozenset(Path(__file__).with_name("common.txt").read_text("utf-8").split())
"""In lower case."""
