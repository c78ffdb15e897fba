"""Pages of officials about programmes: writing, simulating and choosing in them."""

from __future__ import annotations

from portal.domain.permissions import Permission as P
from portal.web.official import (
    programme_drafts,
    programme_parts,
    programme_previews,
    programme_sections,
    programme_trials,
    programmes,
    proposals,
    selections,
    service_passes,
    simulations,
)
from portal.web.routing import Route

ROUTES: tuple[Route, ...] = (
    # choosing by score or lot; the address names the programme
    # proposals: calls for platforms that give services in kind
    Route("GET", "/proposals", proposals.index, P.APPLICATION_READ),
    Route("GET", "/proposals/<int:id>", proposals.show, P.APPLICATION_READ),
    Route("GET POST", "/proposals/<int:id>/sheet", proposals.score, P.APPLICATION_REVIEW),
    Route("GET POST", "/proposals/<code>/choice", proposals.resolve, P.APPLICATION_DECIDE),
    Route("POST", "/proposals/<int:id>/account", proposals.verify, P.APPLICATION_REVIEW),
    Route("GET POST", "/proposals/<int:id>/agreement", proposals.agree, P.APPLICATION_DECIDE),
    # service passes: what nobody answers
    Route("GET", "/service-passes", service_passes.index, P.APPLICATION_READ),
    Route("GET", "/service-passes/<int:id>", service_passes.show, P.APPLICATION_READ),
    Route("GET", "/service-passes/<int:id>/proof", service_passes.document, P.APPLICATION_READ),
    Route("GET POST", "/service-passes/<int:id>/vouching", service_passes.vouch, P.APPLICATION_REVIEW),
    Route("GET POST", "/service-passes/<int:id>/end", service_passes.end, P.APPLICATION_REVIEW),
    Route("POST", "/service-passes/<int:id>/agreement", service_passes.uphold, P.APPLICATION_DECIDE),
    Route("GET POST", "/service-passes/<int:id>/return", service_passes.send_back, P.APPLICATION_DECIDE),
    # selections
    Route("GET", "/selections", selections.index, P.APPLICATION_READ),
    Route("GET", "/selections/<int:id>", selections.show, P.APPLICATION_READ),
    Route("GET", "/selections/<int:id>/minutes", selections.minutes, P.APPLICATION_READ),
    Route("POST", "/selections/<int:id>/candidates", selections.fix, P.APPLICATION_REVIEW),
    Route("POST", "/selections/<int:id>/no-interest", selections.declare_none, P.INTEREST_DECLARE),
    Route("GET POST", "/selections/<int:id>/sheets/<int:application_id>", selections.score, P.APPLICATION_REVIEW),
    Route("POST", "/selections/<int:id>/ranking", selections.rank, P.APPLICATION_REVIEW),
    Route("GET POST", "/selections/<int:id>/return", selections.send_back, P.APPLICATION_DECIDE),
    Route("GET POST", "/selections/<int:id>/announcement", selections.announce, P.APPLICATION_REVIEW),
    Route("GET POST", "/selections/<int:id>/draw", selections.draw, P.APPLICATION_DECIDE),
    Route("GET POST", "/selections/<int:id>/confirmation", selections.confirm, P.APPLICATION_DECIDE),
    # programmes and their versions
    Route("GET", "/programmes", programmes.index, P.PROGRAMME_READ),
    Route("GET POST", "/programmes/new", programmes.propose, P.PROGRAMME_PUBLISH),
    Route("GET", "/programmes/<int:id>", programmes.show, P.PROGRAMME_READ),
    Route("POST", "/programmes/<int:id>/publication", programmes.publish, P.PROGRAMME_PUBLISH),
    # programmes being written: drafts, their sections, previews and trials
    Route("GET", "/programmes/drafts", programme_drafts.index, P.PROGRAMME_PUBLISH),
    Route("GET POST", "/programmes/drafts/new", programme_drafts.new, P.PROGRAMME_PUBLISH),
    Route("POST", "/programmes/<int:id>/amendment", programme_drafts.amend, P.PROGRAMME_PUBLISH),
    Route("GET", "/programmes/drafts/<int:id>", programme_drafts.show, P.PROGRAMME_PUBLISH),
    Route("GET", "/programmes/drafts/<int:id>/file", programme_drafts.download, P.PROGRAMME_PUBLISH),
    Route("POST", "/programmes/drafts/<int:id>/handing-over", programme_drafts.hand_over, P.PROGRAMME_PUBLISH),
    Route("POST", "/programmes/drafts/<int:id>/discarding", programme_drafts.discard, P.PROGRAMME_PUBLISH),
    Route("GET", "/programmes/drafts/<int:id>/preview", programme_previews.call, P.PROGRAMME_PUBLISH),
    Route("GET", "/programmes/drafts/<int:id>/preview/form", programme_previews.form, P.PROGRAMME_PUBLISH),
    Route("GET POST", "/programmes/drafts/<int:id>/trial", programme_trials.new, P.PROGRAMME_PUBLISH),
    Route("GET POST", "/programmes/drafts/<int:id>/sections/<section>", programme_sections.edit, P.PROGRAMME_PUBLISH),
    Route("GET", "/programmes/drafts/<int:id>/parts/<section>", programme_parts.index, P.PROGRAMME_PUBLISH),
    Route("GET POST", "/programmes/drafts/<int:id>/parts/<section>/new", programme_parts.add, P.PROGRAMME_PUBLISH),
    Route(
        "GET POST",
        "/programmes/drafts/<int:id>/parts/<section>/<int:number>",
        programme_parts.edit,
        P.PROGRAMME_PUBLISH,
    ),
    Route(
        "POST",
        "/programmes/drafts/<int:id>/parts/<section>/<int:number>/removal",
        programme_parts.remove,
        P.PROGRAMME_PUBLISH,
    ),
    # simulations of draft terms
    Route("GET", "/simulations", simulations.index, P.SIMULATION_READ),
    Route("GET POST", "/simulations/new/<code>", simulations.new, P.SIMULATION_RUN),
    Route("GET POST", "/simulations/new/<code>/text", simulations.write, P.SIMULATION_RUN),
    Route("GET", "/simulations/<int:id>", simulations.show, P.SIMULATION_READ),
    Route("GET", "/simulations/<int:id>/progress", simulations.progress, P.SIMULATION_READ),
    Route("POST", "/simulations/<int:id>/cancellation", simulations.cancel, P.SIMULATION_RUN),
    Route("GET", "/simulations/<int:id>/result.<kind>", simulations.download, P.SIMULATION_READ),
)
