"""The form of where one is told outside the portal, in which hours, and of what one hears in the inbox."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from forms.base import Form
from forms.fields import PhoneField
from portal.domain.messages import MAX_ADDRESS, Channel, ChooseChannels
from portal.domain.notifications import Topic

_HOURS = [SelectChoice(str(hour), f"{hour:02d}:00") for hour in range(24)]


class ContactForm(Form):
    by_mail = BooleanField(_("메일로 받기"))
    mail = StringField(
        _("메일 주소"),
        [Length(max=MAX_ADDRESS)],
        description=_("무엇이 왔는지만 알려 드리고, 이름이나 금액은 메일에 적지 않습니다."),
    )
    by_sms = BooleanField(_("문자로 받기"))
    by_messenger = BooleanField(_("알림톡으로 받기"))
    phone = PhoneField(_("휴대전화 번호"))
    quiet_from = SelectField(_("문자를 보내지 않는 시간: 시작"), choices=_HOURS, coerce=int)
    quiet_to = SelectField(
        _("문자를 보내지 않는 시간: 끝"),
        choices=_HOURS,
        coerce=int,
        description=_("이 시간에 생긴 알림은 끝나는 시각에 보냅니다. 시작과 끝이 같으면 아무 때나 보냅니다."),
    )
    progress = BooleanField(_("진행 상황 (접수, 지급 승인, 매장 연결)"))
    reminder = BooleanField(_("기한이 다가온다는 알림"))
    work = BooleanField(_("내 업무로 온 것 (결재 대기, 보완 제출)"))

    def to_command(self) -> ChooseChannels:
        ticked = {
            Channel.MAIL: self.by_mail.data,
            Channel.SMS: self.by_sms.data,
            Channel.MESSENGER: self.by_messenger.data,
        }
        heard = {Topic.PROGRESS: self.progress.data, Topic.REMINDER: self.reminder.data, Topic.WORK: self.work.data}
        return ChooseChannels(
            mail=self.mail.data or "",
            phone=self.phone.data or "",
            channels=frozenset(channel for channel, wanted in ticked.items() if wanted),
            quiet_from=int(self.quiet_from.data or 0),
            quiet_to=int(self.quiet_to.data or 0),
            muted=frozenset(topic for topic, wanted in heard.items() if not wanted),
        )


def start_of(
    addresses: Mapping[Channel, str], wanted: Collection[Channel], quiet: tuple[int, int], muted: Collection[Topic]
) -> dict[str, Any]:
    """What the form holds at first."""
    return {
        "by_mail": Channel.MAIL in wanted,
        "mail": addresses.get(Channel.MAIL, ""),
        "by_sms": Channel.SMS in wanted,
        "by_messenger": Channel.MESSENGER in wanted,
        "phone": addresses.get(Channel.SMS, ""),
        "quiet_from": quiet[0],
        "quiet_to": quiet[1],
        **{topic.value: topic not in muted for topic in (Topic.PROGRESS, Topic.REMINDER, Topic.WORK)},
    }
