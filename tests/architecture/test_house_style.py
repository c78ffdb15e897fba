"""The habits of the house that a machine can see; each rule is shown to notice a breach."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

import pytest

from tests.architecture import sources
from tests.architecture.sources import Source

Finding = tuple[str, int]
MONEY = ("portal/domain", "portal/services", "portal/models", "portal/queries")
AUDIENCES = ("merchant", "official", "partner", "platform", "policy", "public")
VIEWS = tuple(f"portal/web/{folder}" for folder in (*AUDIENCES, "deliveries"))
ENDINGS = {"commit", "rollback"}
CLOCKS = {"now", "utcnow", "today"}


def local_imports(source: Source) -> Iterator[Finding]:
    """An import inside a function hides who needs whom."""
    for function in sources.functions(source.tree):
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield source.name, node.lineno


def clocks_read(source: Source) -> Iterator[Finding]:
    """`datetime.now()` and its kin belong to portal/clock.py; everything else is told."""
    if source.name == "portal/clock.py" or source.under("tests"):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            reads = node.func.attr in CLOCKS and name in ("datetime", "date")
            if reads or (name == "time" and node.func.attr in ("time", "localtime", "gmtime")):
                yield source.name, node.lineno


EDGES = ("portal/clock.py", "portal/jobs.py", "portal/bank_jobs.py", "portal/notice_jobs.py", "portal/upkeep_jobs.py")


def told_the_time(source: Source) -> Iterator[Finding]:
    """Only the edges ask portal.clock: rules, look-ups and services receive `at` and `on`."""
    if source.under("portal/web", "portal/cli", "tests") or source.name in EDGES:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.module == "portal.clock":
            yield source.name, node.lineno


def statuses_assigned(source: Source) -> Iterator[Finding]:
    """services/steps.py is the one door for status."""
    if source.name == "portal/services/steps.py":
        return
    for node in ast.walk(source.tree):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            for target in targets:
                if isinstance(target, ast.Attribute) and target.attr == "status" and source.under("portal"):
                    yield source.name, node.lineno
        calls_values = isinstance(node, ast.Call) and sources.called_name(node) == "values"
        if source.under("portal/services") and calls_values and any(k.arg == "status" for k in node.keywords):
            yield source.name, node.lineno


def commits(source: Source) -> Iterator[Finding]:
    """A view, a command or a job commits; a service or a look-up never does."""
    if not source.under("portal/services", "portal/queries", "portal/domain", "portal/models"):
        return
    for node in ast.walk(source.tree):
        # A savepoint (`attempt.rollback()`) is a service's own affair.
        ends = isinstance(node, ast.Call) and sources.called_name(node) in ENDINGS
        if ends and "session" in ast.unparse(node.func).rsplit(".", 1)[0]:
            yield source.name, node.lineno


def changes_in_queries(source: Source) -> Iterator[Finding]:
    """Look-ups look up."""
    if not source.under("portal/queries"):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and sources.called_name(node) in ("flush", "add_all", "insert", "update"):
            yield source.name, node.lineno


def floats(source: Source) -> Iterator[Finding]:
    """Money is integer won and rates are Decimal: no float, neither called nor written."""
    if not source.under(*MONEY):
        return
    for node in ast.walk(source.tree):
        called = isinstance(node, ast.Call) and sources.called_name(node) in ("float", "Float")
        if called or (isinstance(node, ast.Constant) and isinstance(node.value, float)):
            yield source.name, node.lineno


def undocumented(source: Source) -> Iterator[Finding]:
    """A module says in its docstring what it owns."""
    if not ast.get_docstring(source.tree):
        yield source.name, 1


def too_long(source: Source) -> Iterator[Finding]:
    """At 300 lines a reader gets lost."""
    lines = source.text.count("\n")
    if lines > 300:
        yield source.name, lines


def badly_named(source: Source) -> Iterator[Finding]:
    """A name says which noun: there is no drawer for the rest."""
    words = set(source.name.removesuffix(".py").replace("/", "_").split("_"))
    if words & {"utils", "util", "helpers", "helper", "common", "core", "manager", "handler", "misc"}:
        yield source.name, 1


def tries_in_views(source: Source) -> Iterator[Finding]:
    """Refusals are answered in web/errors.py, once."""
    if not source.under(*VIEWS):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Try):
            yield source.name, node.lineno


Rule = Callable[[Source], Iterator[Finding]]
CLOCK = "from portal.clock import now"
TRY = "try:\n    f()\nexcept E:\n    pass"
UPDATE = "update(T).values"

# rule, a file that breaks it, a file that keeps it
RULES: list[tuple[Rule, tuple[str, str], tuple[str, str]]] = [
    (local_imports, ("portal/a.py", "def f():\n    import os"), ("portal/a.py", "import os")),
    (clocks_read, ("portal/a.py", "datetime.now(UTC)"), ("portal/clock.py", "datetime.now(UTC)")),
    (clocks_read, ("portal/a.py", "datetime.date.today()"), ("portal/a.py", "clock.today()")),
    (told_the_time, ("portal/services/a.py", CLOCK), ("portal/web/a.py", CLOCK)),
    (statuses_assigned, ("portal/web/a.py", "x.status = 1"), ("portal/services/steps.py", "x.status = 1")),
    (statuses_assigned, ("portal/services/a.py", UPDATE + "(status=1)"), ("portal/services/a.py", UPDATE + "(used=1)")),
    (commits, ("portal/services/a.py", "session.commit()"), ("portal/web/a.py", "db.session.commit()")),
    (commits, ("portal/services/a.py", "db.session.rollback()"), ("portal/services/a.py", "attempt.rollback()")),
    (changes_in_queries, ("portal/queries/a.py", "session.flush()"), ("portal/services/a.py", "session.flush()")),
    (floats, ("portal/domain/a.py", "float(x)"), ("portal/domain/a.py", "Decimal(x)")),
    (floats, ("portal/services/a.py", "amount * 0.5"), ("reports/a.py", "width * 0.5")),
    (undocumented, ("portal/a.py", "x = 1"), ("portal/a.py", '"""Owns x."""')),
    (too_long, ("portal/a.py", "\n" * 301), ("portal/a.py", "\n" * 300)),
    (badly_named, ("portal/web/form_helpers.py", ""), ("portal/web/forms.py", "")),
    (tries_in_views, ("portal/web/public/a.py", TRY), ("portal/web/errors.py", TRY)),
]  # fmt: skip


@pytest.mark.parametrize("rule", list(dict.fromkeys(rule for rule, _, _ in RULES)))
def test_every_file_keeps_the_rule(rule: Rule) -> None:
    assert [f"{name}:{line}" for source in sources.python() for name, line in rule(source)] == [], rule.__doc__


@pytest.mark.parametrize(("rule", "breach", "proper"), RULES)
def test_the_rule_notices_a_breach_and_nothing_else(
    rule: Rule, breach: tuple[str, str], proper: tuple[str, str]
) -> None:
    assert list(rule(sources.parse(*breach))) != []
    assert list(rule(sources.parse(*proper))) == []


def test_templates_stay_short() -> None:
    long = {str(path): lines for path in sources.templates() if (lines := path.read_text("utf-8").count("\n")) > 80}
    assert long == {}


def test_templates_carry_neither_inline_script_nor_inline_style() -> None:
    breaches = [
        str(path)
        for path in sources.templates()
        for mark in ("<style", " style=", " onclick=", " onchange=", "javascript:", "<script>", "|safe")
        if mark in path.read_text("utf-8")
    ]
    assert breaches == []
