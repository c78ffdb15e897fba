"""Terms, links and lines in; amounts with reasons out (contract: docs/reference/assessment.md)."""

from portal.assessment.outputs import explain
from portal.assessment.results import Assessment
from portal.assessment.runs import assess

__all__ = ["Assessment", "assess", "explain"]
