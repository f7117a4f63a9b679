"""Where commands are registered, and where they print."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="The course Neural Networks with TensorFlow: learn, check, grade.",
)
out = Console(markup=False, highlight=False)  # names and messages come from learners: text, never markup
err = Console(markup=False, highlight=False, stderr=True, soft_wrap=True)

ChapterArgument = Annotated[str, typer.Argument(help="The chapter's slug, e.g. 2-4-dropout.")]
