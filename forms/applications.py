"""The forms of an application: starting it, filling it in, handing it in, taking it back."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from forms import answers
from forms.base import Form
from forms.fields import WonField
from forms.messages import MESSAGES
from portal.domain.applications import ApplicationDraft, Consent
from portal.domain.questions import Question
from portal.domain.tracks import Track


class StartForm(Form):
    """Which programme for which of one's places."""

    offered: ClassVar[Mapping[str, Sequence[tuple[Any, str]]]] = {}

    programme = RadioField(_("신청할 사업"), [InputRequired()])
    merchant = RadioField(_("신청할 사업장"), [InputRequired()], coerce=int)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, pairs in self.offered.items():
            field: Any = self[name]
            field.choices = [SelectChoice(value=str(value), label=label) for value, label in pairs]

    def to_command(self) -> tuple[str, int]:
        """Programme code, id of the place."""
        return str(self.programme.data), int(str(self.merchant.data))


def start_form(programmes: Sequence[tuple[str, str]], merchants: Sequence[tuple[int, str]]) -> type[StartForm]:
    """The form with what is there to choose: (code, name) of programmes, (id, name) of places."""
    offered = {"programme": programmes, "merchant": merchants}
    return type("StartForm", (StartForm,), {"offered": offered})


class ApplicationForm(Form):
    """A draft: nothing is required yet, so that it can be saved while it grows; handing it in asks for all of it.

    `questions`: those of the programme that have a box; `tracked`: whether it can be applied for in several ways;
    `locked`: boxes that a supplement does not open, shown as text.
    """

    questions: ClassVar[Sequence[Question]] = ()
    tracked: ClassVar[bool] = False
    locked: ClassVar[frozenset[str]] = frozenset()

    plan = TextAreaField(
        _("지원금을 어떻게 쓸지 적어 주세요"),
        [Length(max=2000)],
        description=_("배달과 홍보를 어떻게 하고 있고, 지원금으로 무엇을 할지 두세 문장이면 됩니다."),
    )
    total_cost = WonField(
        _("드는 비용 모두(총사업비)"), description=_("배달 대행비와 홍보비로 쓸 돈을 모두 더한 금액입니다.")
    )
    requested_amount = WonField(_("신청하는 지원금"))
    contact_phone = StringField(
        _("연락받을 전화번호"), [Length(max=40)], render_kw={"inputmode": "tel", "autocomplete": "tel"}
    )
    consent_privacy = BooleanField()
    consent_administrative_data = BooleanField()
    consent_platform_data = BooleanField()
    consent_pledge = BooleanField()

    def to_command(self) -> ApplicationDraft:
        return ApplicationDraft(
            plan=self.plan.data or "",
            total_cost=self.total_cost.data,
            requested_amount=self.requested_amount.data,
            contact_phone=self.contact_phone.data or "",
            consents=frozenset(consent for consent in Consent if self[f"consent_{consent}"].data),
            track=str(self["track"].data or "") if self.tracked else None,
            answers=answers.given(self, self.questions) if self.questions else None,
            left_alone=frozenset(name for name in self.locked if not self[name].raw_data),
        )


def application_form(
    consents: dict[Consent, Any],
    questions: Sequence[Question] = (),
    tracks: Sequence[Track] = (),
    *,
    opened: Container[str] | None = None,
) -> type[ApplicationForm]:
    """The form with the sentence of each consent, and what the programme asks beside.

    `opened`: what a supplement lets be changed; None: all.
    """
    boxes: dict[str, Any] = {f"consent_{consent}": BooleanField(sentence) for consent, sentence in consents.items()}
    boxes |= answers.boxes(questions) | answers.track_box(tracks)
    boxes |= {"questions": tuple(each for each in questions if each.kind != "file"), "tracked": bool(tracks)}
    if opened is not None:
        there = {*_BOXES, *boxes} - {"questions", "tracked"}
        boxes["locked"] = frozenset(name for name in there if name not in opened)
    return type("ApplicationForm", (ApplicationForm,), boxes)


class ShortForm(Form):
    """The one page of a short track: whom to call, and the consents. Nothing is saved while it grows."""

    track: ClassVar[str] = ""

    contact_phone = StringField(
        _("연락받을 전화번호"), [Length(max=40)], render_kw={"inputmode": "tel", "autocomplete": "tel"}
    )
    consent_privacy = BooleanField()
    consent_administrative_data = BooleanField()
    consent_platform_data = BooleanField()
    consent_pledge = BooleanField()

    def to_command(self) -> ApplicationDraft:
        return ApplicationDraft(
            plan="",
            total_cost=None,
            requested_amount=None,
            contact_phone=self.contact_phone.data or "",
            consents=frozenset(consent for consent in Consent if self[f"consent_{consent}"].data),
            track=self.track,
        )


def short_form(consents: dict[Consent, Any], track: str) -> type[ShortForm]:
    """The form of a track with the sentence of each consent."""
    boxes: dict[str, Any] = {f"consent_{consent}": BooleanField(sentence) for consent, sentence in consents.items()}
    return type("ShortForm", (ShortForm,), {**boxes, "track": track})


_BOXES = ("plan", "total_cost", "requested_amount", "contact_phone")


class SubmitForm(Form):
    """Nothing but the press of the button."""


class WithdrawForm(Form):
    sure = BooleanField(
        _("신청을 취하합니다. 되돌릴 수 없다는 것을 알고 있습니다."),
        [InputRequired(message=MESSAGES["confirmation_required"])],
    )
    note = TextAreaField(_("취하하는 이유(선택)"), [Length(max=500)])
