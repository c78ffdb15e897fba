"""Merchants' evidence: the queue, the document beside its lines, and the second official's confirmation."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.base import Form
from forms.evidence import EvidenceFilterForm, EvidenceRefusalForm, EvidenceReturnForm
from forms.evidence_lines import EvidenceLinesForm, as_rows
from forms.evidence_table import COLUMNS, EvidenceTableForm
from portal import data
from portal.clock import now
from portal.models.base import db
from portal.queries import audit, evidence
from portal.queries.pages import next_key
from portal.services import evidence as services
from portal.services import evidence_cases, evidence_confirmation
from portal.web import conflict_labels, evidence_labels, labels
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.files import attachment, lines, stores


def index() -> ResponseReturnValue:
    form = EvidenceFilterForm(request.args, statuses=labels.EVIDENCE_STATUSES)
    rows = evidence.page(db.session(), actor(), status=form.chosen, after=request.args.get("after", 0, type=int))
    return render_template(
        "official/evidence/index.html",
        form=form,
        cases=rows,
        counts=evidence.counts(db.session(), actor()),
        kinds=evidence_labels.KINDS,
        later=next_key(rows, evidence.PAGE),
    )


def show(id: int) -> ResponseReturnValue:
    return render_template("official/evidence/show.html", **_about(id))


def document(id: int) -> ResponseReturnValue:
    """The document as it was handed in."""
    found = evidence.of_organisation(db.session(), id, actor())
    return attachment(stores().evidence.read(found.sha256), found.filename, found.media_type)


def enter(id: int) -> ResponseReturnValue:
    """The grid; saved as often as one likes, put before a second official by its own button."""
    found = evidence.of_organisation(db.session(), id, actor())
    bound = bind(
        partial(EvidenceLinesForm, **_choices(found)),
        "official/evidence/enter.html",
        start={"store_id": found.store_id, "lines": as_rows(services.typed(found))},
        platform=data.platform_catalogue()[found.platform],
        **_about(id),
    )
    if not bound.accepted:
        return bound.page()
    entered, store = bound.form.to_lines(found.period), bound.form.store_id.data or ""
    services.write(db.session(), id, entered, store_id=store, by=actor(), at=now())
    if not _saving():
        services.put_up(db.session(), id, by=actor(), at=now())
    commit()
    return _after_writing(id)


def paste(id: int) -> ResponseReturnValue:
    """A whole table at once, below the lines that are there."""
    found = evidence.of_organisation(db.session(), id, actor())
    bound = bind(EvidenceTableForm, "official/evidence/paste.html", columns=COLUMNS, **_about(id))
    if not bound.accepted:
        return bound.page()
    entered = [*services.typed(found), *bound.form.to_lines(found.period)]
    services.write(db.session(), id, entered, store_id=found.store_id, by=actor(), at=now())
    commit()
    flash(_("표의 줄을 넣었습니다. 확인하고 ‘확인 요청’을 눌러 주세요."), "success")
    return redirect(url_for("official.evidence_enter", id=id))


def send_back(id: int) -> ResponseReturnValue:
    bound = bind(EvidenceReturnForm, "official/evidence/send_back.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    services.send_back(db.session(), id, note=bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("줄을 다시 적게 했습니다."), "success")
    return redirect(url_for("official.evidence_show", id=id))


def refuse(id: int) -> ResponseReturnValue:
    bound = bind(EvidenceRefusalForm, "official/evidence/refuse.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    services.refuse(db.session(), id, note=bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("증빙을 반려했습니다."), "success")
    return redirect(url_for("official.evidence_show", id=id))


def confirm(id: int) -> ResponseReturnValue:
    bound = bind(Form, "official/evidence/show.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    evidence_confirmation.confirm(db.session(), stores(), lines(), id, by=actor(), at=now())
    commit()
    flash(_("확인했습니다. 인정한 줄이 정산자료가 되었습니다."), "success")
    return redirect(url_for("official.evidence_show", id=id))


def _saving() -> bool:
    """Whether somebody only wanted to save."""
    return request.form.get("intent") == "save"


def _after_writing(id: int) -> ResponseReturnValue:
    """Back to the grid, or on to the case, which now waits for somebody else."""
    if _saving():
        flash(_("저장했습니다."), "success")
        return redirect(url_for("official.evidence_enter", id=id))
    flash(_("확인을 요청했습니다. 줄을 적지 않은 담당자가 확인합니다."), "success")
    return redirect(url_for("official.evidence_show", id=id))


def _choices(found: Any) -> dict[str, Any]:
    channels = data.platform_catalogue()[found.platform].channels
    return {
        "statuses": conflict_labels.ORDER_STATUSES.items(),
        "channels": [(code, labels.CHANNELS[code]) for code in channels],
        "stores": [(store, store) for store in services.stores_to_choose(db.session(), found)],
    }


def _about(id: int) -> dict[str, Any]:
    return {
        "case": evidence_cases.case(db.session(), lines(), id, actor()),
        "history": labels.happenings("evidence", audit.timeline(db.session(), "evidence", id)),
        "evidence_labels": evidence_labels,
        "conflict_labels": conflict_labels,
    }
