"""Pages open to all."""

from __future__ import annotations

from portal.domain.permissions import Permission as P
from portal.web import assets
from portal.web.public import (
    accounts,
    acting,
    activations,
    bank,
    draws,
    health,
    home,
    inbox,
    language,
    letters,
    plans,
    platforms,
    programmes,
    sessions,
)
from portal.web.routing import Door, Route

ROUTES = (
    Route("GET", "/", home.show, Door.PUBLIC),
    Route("GET", "/healthz", health.show, Door.PUBLIC),
    Route("GET", "/packages/<path:path>", assets.packages, Door.PUBLIC),
    Route("GET POST", "/login", sessions.sign_in, Door.PUBLIC),
    Route("POST", "/logout", sessions.sign_out, P.ACCOUNT_OWN),
    Route("GET POST", "/join", accounts.sign_up, Door.PUBLIC),
    Route("GET POST", "/activate", activations.take_over, Door.PUBLIC),
    # acting in a merchant's place
    Route("GET", "/acting", acting.index, P.ACCOUNT_OWN),
    Route("POST", "/acting/<int:id>", acting.begin, P.ACCOUNT_OWN),
    Route("POST", "/acting/end", acting.end, P.ACCOUNT_OWN),
    Route("GET POST", "/account/password", accounts.change_password, P.ACCOUNT_OWN),
    # one's own inbox, whoever one is
    Route("GET", "/inbox", inbox.index, P.ACCOUNT_OWN),
    Route("GET", "/inbox/<int:id>", inbox.show, P.ACCOUNT_OWN),
    Route("POST", "/inbox/read", inbox.read_all, P.ACCOUNT_OWN),
    Route("GET POST", "/inbox/settings", inbox.settings, P.ACCOUNT_OWN),
    Route("POST", "/language", language.choose, Door.PUBLIC),
    Route("GET", "/programmes/<code>", programmes.show, Door.PUBLIC),
    Route("GET", "/programmes/<code>/draw", draws.show, Door.PUBLIC),
    Route("GET", "/programmes/<code>/draw/list", draws.numbers, Door.PUBLIC),
    Route("GET", "/platforms", platforms.index, Door.PUBLIC),
    Route("GET", "/plans", plans.index, Door.PUBLIC),
    Route("GET", "/plans/<code>", plans.show, Door.PUBLIC),
    Route("GET", "/plans/<code>/<node>", plans.node, Door.PUBLIC),
    Route("GET", "/verify", letters.find, Door.PUBLIC),
    Route("GET POST", "/verify/<code>", letters.verify, Door.PUBLIC),
)

# Called by the bank's program: it signs what it says and has no cookie.
BANK = (Route("POST", "/callback", bank.callback, Door.PUBLIC),)
