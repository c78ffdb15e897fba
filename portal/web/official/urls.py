"""Pages of officials."""

from __future__ import annotations

from portal.domain.actors import Permission as P
from portal.web.official import applications, decisions, letters, reviews
from portal.web.routing import Route

ROUTES: tuple[Route, ...] = (
    # applications: the work queue and the case page
    Route("GET", "/applications", applications.queue, P.APPLICATION_READ),
    Route("GET", "/applications/<int:id>", applications.show, P.APPLICATION_READ),
    Route("GET", "/applications/<int:id>/documents/<int:document_id>", applications.document, P.APPLICATION_READ),
    # reviews
    Route("POST", "/applications/<int:id>/take-up", reviews.take_up, P.APPLICATION_REVIEW),
    Route("GET POST", "/applications/<int:id>/supplement", reviews.request_supplement, P.APPLICATION_REVIEW),
    Route("GET POST", "/applications/<int:id>/recommendation", reviews.recommend, P.APPLICATION_REVIEW),
    # decisions
    Route("GET POST", "/applications/<int:id>/approval", decisions.approve, P.APPLICATION_DECIDE),
    Route("GET POST", "/applications/<int:id>/rejection", decisions.reject, P.APPLICATION_DECIDE),
    Route("GET POST", "/applications/<int:id>/return", decisions.send_back, P.APPLICATION_DECIDE),
    # letters
    Route("GET", "/letters/<int:id>", letters.download, P.LETTER_READ),
)
