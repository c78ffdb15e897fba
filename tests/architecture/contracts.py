"""The import table of the architecture as import-linter contracts: one per row, stating what is allowed."""

from __future__ import annotations

import sys
from typing import Any, cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class Row(Contract):
    """`package` may import itself, the standard library and what is listed (packages and everything below them)."""

    type_name = "row"

    package = fields.StringField()
    but_not = fields.ListField(subfield=fields.StringField(), required=False)  # rows of their own below `package`
    may_import = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        package: Any = self.package
        apart, listed = cast("list[str]", self.but_not or []), cast("list[str]", self.may_import or [])
        allowed = [package, *listed]
        strays = sorted(
            (importer, imported)
            for importer in graph.modules
            if _below(importer, package) and not any(_below(importer, other) for other in apart)
            for imported in graph.find_modules_directly_imported_by(importer)
            if imported.split(".")[0] not in sys.stdlib_module_names
            and not any(_below(imported, name) for name in allowed)
        )
        known = package in graph.modules
        return ContractCheck(kept=known and not strays, metadata={"strays": strays, "known": known})

    def render_broken_contract(self, check: ContractCheck) -> None:
        if not check.metadata["known"]:
            output.print_error(f"there is no {self.package}")
        for importer, imported in check.metadata["strays"]:
            output.print_error(f"{importer} may not import {imported}")


def _below(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")
