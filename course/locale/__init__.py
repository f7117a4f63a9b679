"""The interface's words in other languages, as gettext catalogs.

    python -m course.locale

brings every catalog in step with the code: new messages are added (untranslated ones fall back to English), messages
that no code uses any more are taken out, and the compiled .mo files are written.
"""
