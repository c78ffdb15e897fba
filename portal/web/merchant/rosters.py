"""An association's application for its members: the association, its list, the signatures, handing in."""

from __future__ import annotations

from functools import partial

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.base import Form
from forms.rosters import EntryForm, HandInForm, OpenRosterForm, RosterFileForm, SignedForm
from portal.clock import now, today
from portal.domain.errors import NotFound
from portal.domain.rosters import AT_ONCE, MemberStatus, Way
from portal.domain.tracks import of_association
from portal.models.base import db
from portal.queries import programmes, rosters
from portal.services import roster_hand_ins
from portal.services import rosters as services
from portal.web import codes, roster_labels
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.files import attachment, paper_of, stores
from reports import roster_template

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def index() -> ResponseReturnValue:
    return render_template("merchant/rosters/index.html", rows=rosters.of_account(db.session(), actor()))


def new() -> ResponseReturnValue:
    calls = programmes.open_calls(db.session(), at=now())
    offered = [(each.programme.code, each.programme.name) for each in calls if of_association(each.announcement.tracks)]
    form = partial(OpenRosterForm, programmes=offered, regions=codes.district_choices(today()))
    start = {"programme": offered[0][0]} if len(offered) == 1 else None
    bound = bind(form, "merchant/rosters/new.html", start=start, offered=offered)
    if not bound.accepted:
        return bound.page()
    made = services.open_roster(db.session(), bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("명단을 만들었습니다. 이제 구성원을 넣어 주세요."), "success")
    return redirect(url_for("merchant.rosters_show", id=made.id))


def show(id: int) -> ResponseReturnValue:
    return render_template("merchant/rosters/show.html", listed=_listed(id))


def add(id: int) -> ResponseReturnValue:
    form = partial(
        EntryForm,
        industries=codes.industry_choices(),
        banks=codes.bank_choices(),
        edition=codes.INDUSTRY_EDITION,
    )
    bound = bind(form, "merchant/rosters/add.html", listed=_listed(id))
    if not bound.accepted:
        return bound.page()
    made = services.add(db.session(), id, bound.form.to_command(), by=actor(), at=now())
    commit()
    asked = _("‘%(name)s’을(를) 명단에 넣고 본인에게 동의를 물었습니다.", name=made.trade_name)
    listed = _("‘%(name)s’을(를) 명단에 넣었습니다. 연명부에 서명을 받아 주세요.", name=made.trade_name)
    flash(asked if made.way is Way.PORTAL else listed, "success")
    return redirect(url_for("merchant.rosters_show", id=id))


def upload(id: int) -> ResponseReturnValue:
    """The page with what became of every row: those that were taken in are on the list, the others are told."""
    bound = bind(RosterFileForm, "merchant/rosters/upload.html", listed=_listed(id))
    if not bound.accepted:
        return bound.page()
    content, name = bound.form.to_command()
    outcomes = services.add_file(db.session(), id, content, name, by=actor(), at=now())
    commit()
    wrong = [each for each in outcomes if each.problems]
    about = {"listed": _listed(id), "wrong": wrong, "taken": len(outcomes) - len(wrong)}
    return render_template("merchant/rosters/uploaded.html", sentence=roster_labels.sentence, **about)


def template(id: int) -> ResponseReturnValue:
    rosters.owned(db.session(), id, actor())
    return attachment(roster_template.workbook(), "members.xlsx", _XLSX)


def sign(id: int) -> ResponseReturnValue:
    listed = _listed(id)
    waiting = [each for each in listed.of(MemberStatus.WAITING) if each.way is Way.PAPER]
    form = partial(SignedForm, people=[(each.id, f"{each.trade_name} ({each.representative})") for each in waiting])
    # None is ticked beforehand: a mark that was forgotten would say that somebody consented who did not.
    bound = bind(form, "merchant/rosters/sign.html", listed=listed)
    if not bound.accepted:
        return bound.page()
    ids, paper = bound.form.to_command()
    services.sign(db.session(), stores().evidence, id, ids, paper, by=actor(), at=now())
    commit()
    flash(_("연명부를 올렸습니다. 동의한 구성원을 신청할 수 있습니다."), "success")
    return redirect(url_for("merchant.rosters_show", id=id))


def hand_in(id: int) -> ResponseReturnValue:
    listed = _listed(id)
    bound = bind(HandInForm, "merchant/rosters/hand_in.html", listed=listed, at_once=AT_ONCE)
    if not bound.accepted:
        return bound.page()
    done = roster_hand_ins.hand_in(db.session(), stores().evidence, id, by=actor(), at=now())
    commit()
    if done.refused:
        about = {"listed": _listed(id), "done": done, "sentence": roster_labels.sentence}
        return render_template("merchant/rosters/handed_in.html", **about)
    flash(_("구성원 %(count)s명의 신청서를 냈습니다.", count=done.done), "success")
    return redirect(url_for("merchant.rosters_show", id=id))


def remove(id: int, member: int) -> ResponseReturnValue:
    bound = bind(Form, "merchant/rosters/show.html", listed=_listed(id))
    if not bound.accepted:
        return bound.page()
    services.remove(db.session(), id, member, by=actor(), at=now())
    commit()
    flash(_("명단에서 뺐습니다."), "success")
    return redirect(url_for("merchant.rosters_show", id=id))


def withdraw(id: int) -> ResponseReturnValue:
    bound = bind(Form, "merchant/rosters/show.html", listed=_listed(id))
    if not bound.accepted:
        return bound.page()
    services.withdraw(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("명단을 그만두었습니다."), "success")
    return redirect(url_for("merchant.rosters_index"))


def paper(id: int, paper: int) -> ResponseReturnValue:
    found = _listed(id).papers.get(paper)
    if found is None:
        raise NotFound(f"paper {paper}")
    return paper_of(found)


def _listed(id: int) -> rosters.Listed:
    return rosters.own(db.session(), id, actor())
