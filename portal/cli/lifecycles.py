"""`flask lifecycles`: the state diagrams, made from their tables."""

from __future__ import annotations

import click

from portal.config import ROOT
from portal.domain.lifecycles import document

PAGE = ROOT / "docs" / "reference" / "lifecycles.md"


@click.command("lifecycles")
@click.option("--write", is_flag=True, help="Write docs/reference/lifecycles.md instead of printing it.")
def group(write: bool) -> None:
    """Print the lifecycles of all records as Mermaid diagrams."""
    if write:
        PAGE.write_text(document(), encoding="utf-8")
        click.echo(f"wrote {PAGE.relative_to(ROOT)}")
        return
    click.echo(document(), nl=False)
