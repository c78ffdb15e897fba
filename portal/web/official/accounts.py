"""The officials' accounts of an organisation, for its administrator."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.accounts import RoleForm
from forms.base import Form
from portal.clock import now
from portal.models.base import db
from portal.queries import account_list
from portal.services import accounts
from portal.web import labels
from portal.web.access import actor, idle_since
from portal.web.binding import Bound, bind, commit


def index() -> ResponseReturnValue:
    return render_template("official/accounts/index.html", **_overview())


def end_sessions(id: int) -> ResponseReturnValue:
    bound = bind(Form, "official/accounts/index.html", **_overview())
    if not bound.accepted:
        return bound.page()
    accounts.end_sessions(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("이 계정을 모든 기기에서 로그아웃했습니다."), "success")
    return redirect(url_for("official.accounts_index"))


def roles(id: int) -> ResponseReturnValue:
    """Gives a role; the service refuses one that must stay apart from what the person holds anywhere."""
    page = account_list.roles_page(db.session(), actor(), id)
    bound = _about_roles(page)
    if not bound.accepted:
        return bound.page()
    accounts.grant(db.session(), page.user.login, bound.form.to_role(), by=actor(), at=now())
    commit()
    flash(_("권한을 주었습니다."), "success")
    return redirect(url_for("official.accounts_roles", id=id))


def revoke(id: int) -> ResponseReturnValue:
    page = account_list.roles_page(db.session(), actor(), id)
    bound = _about_roles(page)
    if not bound.accepted:
        return bound.page()
    accounts.revoke(db.session(), page.user.login, bound.form.to_role(), by=actor(), at=now())
    commit()
    flash(_("권한을 거두었습니다."), "success")
    return redirect(url_for("official.accounts_roles", id=id))


def _about_roles(page: account_list.RolesPage) -> Bound[RoleForm]:
    bound = bind(RoleForm, "official/accounts/roles.html", page=page)
    bound.form.offer((role.value, labels.ROLES[role]) for role in page.free)
    return bound


def _overview() -> dict[str, Any]:
    return {"accounts": account_list.rows(db.session(), actor(), idle_since=idle_since(now()))}
