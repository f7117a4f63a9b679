"""Which language the learner reads, and the interface strings in it.

English is the source; what is not translated falls back to English. Needs nothing but the standard library.
"""

from __future__ import annotations

import gettext
import locale
import os
import re
from functools import cache
from pathlib import Path

SOURCE_LANGUAGE = "en"
LOCALE_FOLDER = Path(__file__).parent / "locale"


def language() -> str:
    """Two-letter code: COURSE_LANG if set, else the system's language, else 'en'."""
    chosen = os.environ.get("COURSE_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG")
    chosen = chosen or locale.getlocale()[0] or "en"
    code = re.match(r"([a-z]{2})(?![a-z])", chosen.lower())  # es, es_ES.UTF-8; but not C or POSIX
    return code[1] if code else SOURCE_LANGUAGE


@cache
def _translations(code: str) -> gettext.NullTranslations:
    return gettext.translation("course", LOCALE_FOLDER, languages=[code], fallback=True)


def _(message: str) -> str:
    """The message in the learner's language."""
    return _translations(language()).gettext(message)
