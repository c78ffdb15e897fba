"""The partner API, version 1."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from forms.api_payloads import LinkConfirmationSchema, LinkDenialSchema, LinkPageSchema
from forms.settlement_payloads import BatchPageSchema, RowsSchema, StreamSchema
from forms.statement_payloads import StatementSchema
from forms.token_payloads import TokenRequestSchema
from portal.domain import errors
from portal.domain.api_clients import Scope as S
from portal.web.partner import answers, batches, documents, links, statements, tokens
from portal.web.partner.operations import Operation
from portal.web.routing import Door, Route

PREFIX = "/api/v1"
_ID = "<int(max=9223372036854775807):id>"  # what a key of the database can be; no other number is found
_FOUND = (errors.NotFound,)
_READ = (errors.Incomplete, errors.FileRefused)

ROUTES: tuple[Route, ...] = (
    Route("GET", "/docs", documents.show, Door.PUBLIC),
    Route("GET", "/openapi.json", documents.specification, Door.PUBLIC),
    Operation(
        "POST",
        "/token",
        tokens.issue,
        Door.PUBLIC,
        _("토큰 받기 (OAuth2 client credentials)"),
        answers.TokenSchema,
        form=TokenRequestSchema,
        also={400: answers.OAuthErrorSchema, 401: answers.OAuthErrorSchema},
    ),
    Operation("GET", "/client", tokens.show, Door.TOKEN, _("이 토큰이 누구의 것인지"), answers.ClientSchema),
    # links between merchants and stores
    Operation(
        "GET", "/links", links.index, S.LINKS_READ, _("매장 연결 목록"), answers.LinkListSchema, query=LinkPageSchema
    ),
    Operation(
        "GET", f"/links/{_ID}", links.show, S.LINKS_READ, _("매장 연결 하나"), answers.LinkSchema, refuses=_FOUND
    ),
    Operation(
        "POST",
        f"/links/{_ID}/confirmation",
        links.confirm,
        S.LINKS_DECIDE,
        _("매장 연결을 확인"),
        answers.LinkSchema,
        body=LinkConfirmationSchema,
        refuses=(*_FOUND, errors.InvalidTransition, errors.Conflict),
    ),
    Operation(
        "POST",
        f"/links/{_ID}/refusal",
        links.refuse,
        S.LINKS_DECIDE,
        _("매장 연결을 거절"),
        answers.LinkSchema,
        body=LinkDenialSchema,
        refuses=(*_FOUND, errors.InvalidTransition),
    ),
    # settlement batches
    Operation(
        "POST",
        "/batches",
        batches.deliver,
        S.SETTLEMENTS_DELIVER,
        _("정산자료를 JSON으로 보내기 (5,000줄까지)"),
        answers.DeliveredSchema,
        success=201,
        body=RowsSchema,
        refuses=_READ,
        once=True,
        leads_to=(batches.show, batches.refused),
    ),
    Operation(
        "POST",
        "/batches/stream",
        batches.stream,
        S.SETTLEMENTS_DELIVER,
        _("정산자료를 CSV나 NDJSON으로 보내기 (gzip으로 압축할 수 있음)"),
        answers.DeliveredSchema,
        success=201,
        query=StreamSchema,
        media=(batches.CSV, batches.NDJSON),
        refuses=_READ,
        once=True,
        leads_to=(batches.show, batches.refused),
    ),
    Operation(
        "GET",
        "/batches",
        batches.index,
        S.SETTLEMENTS_READ,
        _("보낸 정산자료 목록, 새것부터"),
        answers.BatchListSchema,
        query=BatchPageSchema,
    ),
    Operation(
        "GET",
        f"/batches/{_ID}",
        batches.show,
        S.SETTLEMENTS_READ,
        _("정산자료 하나의 결과"),
        answers.BatchSchema,
        refuses=_FOUND,
    ),
    Operation(
        "GET",
        f"/batches/{_ID}/refused",
        batches.refused,
        S.SETTLEMENTS_READ,
        _("돌려보낸 줄과 사유"),
        answers.RefusedListSchema,
        query=BatchPageSchema,
        refuses=_FOUND,
    ),
    # a month as the platform states it
    Operation(
        "PUT",
        "/statements/<period>",
        statements.state,
        S.STATEMENTS_DELIVER,
        _("한 달의 합계를 보내 저장된 자료와 비교"),
        answers.ComparisonSchema,
        body=StatementSchema,
        refuses=(errors.Incomplete,),
    ),
    Operation(
        "GET",
        "/statements/<period>",
        statements.show,
        S.SETTLEMENTS_READ,
        _("마지막으로 보낸 한 달의 합계와 비교한 결과"),
        answers.ComparisonSchema,
        refuses=_FOUND,
    ),
)
