"""What the partner API sends back, as marshmallow schemas: they make the JSON and its description."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from marshmallow import Schema, fields

from portal.domain.links import LinkStatus
from portal.domain.order_values import Side
from portal.domain.statements import FIGURES, Reason


class ProblemItemSchema(Schema):
    code = fields.String(required=True)
    field = fields.String()
    row = fields.Integer()
    value = fields.String()
    message = fields.String(required=True)


class ProblemSchema(Schema):
    """RFC 9457; `code` is stable, `title`, `detail` and `message` are for people."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)
    problems = fields.List(fields.Nested(ProblemItemSchema), required=True)


class TokenSchema(Schema):
    access_token = fields.String(required=True)
    token_type = fields.String(required=True)
    expires_in = fields.Integer(required=True)
    scope = fields.String(required=True)


class OAuthErrorSchema(Schema):
    """RFC 6749, 5.2."""

    error = fields.String(required=True)
    error_description = fields.String()


class ClientSchema(Schema):
    name = fields.String(required=True)
    platform = fields.String(required=True)
    sandbox = fields.Boolean(required=True)
    scopes = fields.List(fields.String(), required=True)


class LinkSchema(Schema):
    id = fields.Integer(required=True)
    store_id = fields.String(required=True)
    status = fields.Enum(LinkStatus, by_value=True, required=True)
    trade_name = fields.String(required=True, attribute="merchant.trade_name")
    business_number = fields.String(required=True, attribute="merchant.business_number")
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(
        required=True, allow_none=True, metadata={"description": _("연결이 끝난 날. 없으면 계속됩니다.")}
    )
    proposed_at = fields.DateTime(required=True)
    decided_at = fields.DateTime(required=True, allow_none=True)


class LinkListSchema(Schema):
    items = fields.List(fields.Nested(LinkSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class RefusedRowSchema(Schema):
    row = fields.Integer(required=True, metadata={"description": _("보낸 순서대로 1부터 센 줄")})
    problems = fields.List(fields.Nested(ProblemItemSchema), required=True)
    raw = fields.String(required=True)


class RefusedListSchema(Schema):
    items = fields.List(fields.Nested(RefusedRowSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class WarningSchema(Schema):
    """An average order outside its band: nothing was refused for it, but somebody should look at the amounts."""

    code = fields.String(required=True, metadata={"enum": [side.value for side in Side]})
    store_id = fields.String(required=True, metadata={"description": _("비어 있으면 파일 전체의 평균")})
    channel = fields.String(required=True)
    orders = fields.Integer(required=True)
    average = fields.Integer(required=True)
    least = fields.Integer(required=True)
    most = fields.Integer(required=True)


class BatchSchema(Schema):
    """`received_rows` = `accepted` + `refused`; a row that is not among the refused ones was accepted."""

    id = fields.Integer(required=True)
    period = fields.String(required=True)
    status = fields.String(required=True, metadata={"enum": ["stored"]})
    received_rows = fields.Integer(required=True)
    accepted = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    problems_by_code = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    totals = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    warnings = fields.List(
        fields.Nested(WarningSchema),
        required=True,
        metadata={"description": _("평균 주문금액이 보통 범위를 벗어난 것. 매장은 주문이 많은 20곳까지")},
    )
    warned_stores = fields.Integer(required=True, metadata={"description": _("보통 범위를 벗어난 매장의 수")})
    delivered_at = fields.DateTime(required=True)


class BatchListSchema(Schema):
    items = fields.List(fields.Nested(BatchSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class DeliveredSchema(BatchSchema):
    """`again`: the same rows had been delivered before, and this is the first answer."""

    again = fields.Boolean(required=True)
    refused_rows = fields.Nested(RefusedListSchema, required=True)


_FIGURES = Schema.from_dict({name: fields.Integer() for name in FIGURES}, name="StatementFigures")


class ComparisonSchema(Schema):
    period = fields.String(required=True)
    stated_at = fields.DateTime(required=True)
    agrees = fields.Boolean(required=True)
    stated = fields.Nested(_FIGURES, required=True)
    stored = fields.Nested(_FIGURES, required=True)
    differences = fields.Nested(_FIGURES, required=True, metadata={"description": _("보낸 값에서 저장된 값을 뺀 차이")})
    reasons = fields.Dict(
        keys=fields.String(),
        values=fields.Enum(Reason, by_value=True),
        required=True,
        metadata={"description": _("차이가 무엇처럼 보이는지: 부가세가 들었거나, 지원분을 뺐거나, 어느 쪽이 많은지")},
    )


def page(items: Any, next_cursor: str | None) -> dict[str, Any]:
    """One page of a list."""
    return {"items": items, "next_cursor": next_cursor}
