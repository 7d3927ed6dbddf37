"""What the command tells: findings in order, and errors without a traceback."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from survey.findings import Finding

DEBUG = "HOTLINE_DEBUG"
MOST_SHOWN = 60


@contextmanager
def errors_told() -> Iterator[None]:
    """Turn what goes wrong into findings and exit code 1; tracebacks only for debugging."""
    from survey.findings import InputError

    try:
        yield
    except InputError as error:
        tell(error.findings)
        raise SystemExit(1) from None
    except OSError as error:
        where = getattr(error, "filename", None) or ""
        click.echo(f"error: {where} {error.strerror or error}".strip(), err=True)
        raise SystemExit(1) from None
    except (click.ClickException, click.exceptions.Exit, KeyboardInterrupt):
        raise
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        click.echo(
            f"internal error: {type(error).__name__}: {error}\n"
            f"This is a fault of the program; {DEBUG}=1 shows the details. 程序内部错误。",
            err=True,
        )
        raise SystemExit(1) from None


def tell(findings: "Sequence[Finding]") -> None:
    """Print findings, errors first, and how many there are of each severity."""
    order: Callable[[Finding], int] = lambda f: ("error", "warning", "note").index(f.severity)  # noqa: E731
    listed = sorted(findings, key=order)
    colours = {"error": "red", "warning": "yellow", "note": None}
    for finding in listed[:MOST_SHOWN]:
        click.secho(str(finding), fg=colours[finding.severity], err=True)
    if len(listed) > MOST_SHOWN:
        click.echo(f"… and {len(listed) - MOST_SHOWN} more", err=True)
    if listed:
        counts = {s: sum(f.severity == s for f in listed) for s in colours}
        click.echo(
            ", ".join(
                f"{n} {severity}{'s' if n > 1 else ''}" for severity, n in counts.items() if n
            ),
            err=True,
        )
