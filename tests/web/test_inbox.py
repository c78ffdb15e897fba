"""The inbox and its settings in the browser, the notice of a bad address, and the administrator's log of delivery."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.messages import Answer, Bounce, Channel, MessageStatus, Verdict, mask_address
from portal.domain.notifications import OCCASIONS, Kind, Page, Topic
from portal.models.accounts import User
from portal.models.notifications import Contact, Message, Notification, NotificationMute
from portal.services import messages
from portal.web import notification_labels
from tests.clients import PortalClient
from tests.factories import AT, make_merchant_user, make_official, make_organisation
from tests.pages import problems, text_of

ClientOf = Callable[[User], PortalClient]
SETTINGS = "/inbox/settings"
PHONE = "휴대전화 번호: 문자를 받을 수 있는 휴대전화 번호를 적어 주세요. 예: 010-1234-5678"
FORM = {"by_mail": "y", "mail": "new@example.kr", "phone": "", "quiet_from": "21", "quiet_to": "8", "progress": "y",
        "reminder": "y", "work": "y"}  # fmt: skip


@pytest.fixture
def owner(session: Session) -> User:
    return make_merchant_user(session)


@pytest.fixture
def desk(owner: User, client_of: ClientOf) -> PortalClient:
    return client_of(owner)


def told(session: Session, user: User, kind: Kind = Kind.LINK_CONFIRMED, topic: Topic = Topic.PROGRESS) -> Notification:
    line = Notification(account_id=user.id, organisation_id=make_organisation(session).id, kind=kind, topic=topic,
                        record_id=1, about="섬진강 국밥", made_at=AT)  # fmt: skip
    session.add(line)
    session.flush()
    return line


def sent(session: Session, user: User, answer: Answer) -> Message:
    told(session, user, Kind.DECIDED, Topic.LEGAL)
    messages.spread(session, [Channel.MAIL], "http://localhost", at=AT, most=5)
    (sending,) = messages.take_up(session, [Channel.MAIL], at=AT, most=5)
    messages.settle(session, sending, answer, at=AT)
    return session.get_one(Message, sending.message_id)


def unread(page: str) -> str:
    """What the header says beside the link to the inbox."""
    found = re.search(r'class="ie-count">(.*?)</a>', page, re.DOTALL)
    return text_of(found.group(1)) if found else ""


def test_a_line_is_counted_until_it_is_opened_and_leads_to_its_page(session, desk: PortalClient, owner: User) -> None:
    line = told(session, owner)
    told(session, owner)
    page = desk.get("/inbox").text
    assert ("매장 연결이 확인되었습니다" in page, "섬진강 국밥" in page, unread(page)) == (True, True, "읽지 않음 2")
    onward = desk.get(f"/inbox/{line.id}")
    assert (onward.status_code, onward.headers["Location"]) == (302, "/my/links")
    assert unread(desk.get("/inbox").text) == "읽지 않음 1"
    desk.submit("/inbox/read", {"upto": line.id + 1})
    assert unread(desk.get("/inbox?view=unread").text) == ""


def test_another_persons_line_is_not_found(session: Session, desk: PortalClient) -> None:
    line = told(session, make_merchant_user(session))
    assert desk.get(f"/inbox/{line.id}").status_code == 404
    session.refresh(line)
    assert line.read_at is None


def test_every_occasion_has_words_and_a_page_that_its_reader_may_open(app, session, client_of: ClientOf) -> None:
    assert {row.page for row in OCCASIONS} == set(Page)
    with app.test_request_context():
        for row in OCCASIONS:
            merchant = notification_labels.address(row.kind, 1).startswith("/my/")
            # Who made an association's list is a merchant too.
            assert merchant == (row.whom == "owner" or row.page is Page.ROSTER), row
    for role in Role:
        if role is not Role.PARTNER:
            user = make_merchant_user(session) if role is Role.MERCHANT else make_official(session, role)
            assert client_of(user).get("/inbox").status_code == 200, role


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMINISTRATOR])
def test_the_count_takes_no_statement_of_its_own(session, client_of, statement_counter, role: Role) -> None:
    user = make_official(session, role)
    client, seen = client_of(user), []
    for lines in (0, 30):
        for _ in range(lines):
            told(session, user)
        client.get("/inbox")
        with statement_counter() as statements:
            client.get("/inbox")
        seen.append(len(statements))
    assert seen[0] == seen[1] <= 4


def test_settings_are_kept_and_a_legal_topic_is_no_choice(session, desk: PortalClient, owner: User) -> None:
    line, legal = told(session, owner), told(session, owner, Kind.DECIDED, Topic.LEGAL)
    assert owner.login in desk.get(SETTINGS).text
    quiet = {name: value for name, value in FORM.items() if name not in ("progress", "reminder")}
    assert desk.submit(SETTINGS, {**quiet, "legal": ""}).status_code == 302
    assert {each.topic for each in session.scalars(select(NotificationMute))} == {Topic.PROGRESS, Topic.REMINDER}
    page = desk.get("/inbox").text
    assert (f"/inbox/{legal.id}" in page, f"/inbox/{line.id}" in page, unread(page)) == (True, False, "읽지 않음 1")
    assert 'value="new@example.kr"' in desk.get(SETTINGS).text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"mail": ""}, "메일 주소: 이 항목을 입력해 주세요."),
        ({"mail": "kim"}, "메일 주소: 메일 주소를 확인해 주세요. 예: name@example.kr"),
        ({"by_sms": "y", "phone": "061-780-2000"}, PHONE),
    ],
)  # fmt: skip
def test_a_channel_without_a_good_address_is_refused(desk: PortalClient, session, wrong: dict, said: str) -> None:
    answer = desk.submit(SETTINGS, FORM | wrong)
    assert (answer.status_code, problems(answer)) == (422, [said])
    assert session.scalars(select(Contact)).all() == []


def test_whose_mail_came_back_is_told_on_every_page_until_they_mend_it(session, owner: User, client_of) -> None:
    message = sent(session, owner, Answer(Verdict.TAKEN, 250))
    messages.bounced(session, Bounce(message.header_id, True, "5.1.1"), at=AT)
    desk = client_of(owner)
    assert "메일이나 문자가 도착하지 않습니다" in desk.get("/my/").text
    assert "알림이 도착하지 않는 곳: 메일" in text_of(desk.get(SETTINGS).text)
    desk.submit(SETTINGS, FORM)
    assert "메일이나 문자가 도착하지 않습니다" not in desk.get("/my/").text


def test_the_administrator_sees_how_it_went_masked_and_has_it_sent_again(session, owner: User, client_of) -> None:
    sent(session, owner, Answer(Verdict.TAKEN, 250))
    failed = sent(session, owner, Answer(Verdict.NEVER, 554, "DATA 5.6.0"))
    desk = client_of(make_official(session, Role.ADMINISTRATOR))
    page = desk.get("/office/messages").text
    assert "554 DATA 5.6.0" in page
    assert (owner.login in page, mask_address(owner.login) in page) == (False, True)
    assert desk.submit(f"/office/messages/{failed.id}/again").status_code == 302
    session.refresh(failed)
    assert failed.status is MessageStatus.WAITING
    assert desk.submit(f"/office/messages/{failed.id}/again").status_code == 409
    assert "보냄" in text_of(desk.get("/office/messages?status=sent").text)


def test_another_offices_messages_are_not_there(session: Session, owner: User, client_of: ClientOf) -> None:
    failed = sent(session, owner, Answer(Verdict.NEVER, 554, "DATA"))
    other = make_official(session, Role.ADMINISTRATOR, organisation=make_organisation(session, "busan", name="부산"))
    desk = client_of(other)
    assert "DATA" not in desk.get("/office/messages").text
    assert desk.submit(f"/office/messages/{failed.id}/again").status_code == 404
    assert client_of(make_official(session, Role.REVIEWER)).get("/office/messages").status_code == 403


REPORT = """Content-Type: multipart/report; report-type=delivery-status; boundary="b"
From: MAILER-DAEMON@example.kr

--b
Content-Type: text/plain

Sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.kr

Final-Recipient: rfc822; kim@example.kr
Action: {action}
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Subject: x
Message-ID: {header_id}

--b--
"""


def test_a_report_of_delivery_is_read_from_standard_input(app, session: Session, owner: User) -> None:
    message = sent(session, owner, Answer(Verdict.TAKEN, 250))
    header_id, number = message.header_id, message.id
    session.commit()

    def piped(text: str) -> str:
        answer = app.test_cli_runner().invoke(args=["mail", "bounce"], input=text)
        assert answer.exit_code == 0, answer.exception
        return answer.output

    for text in ("", "Subject: hello\n\nhello", REPORT.format(action="delayed", header_id=header_id)):
        assert "left aside" in piped(text)
    assert piped(REPORT.format(action="failed", header_id=header_id)) == f"recorded: message {number}\n"
    assert "left aside" in piped(REPORT.format(action="failed", header_id=header_id))
    assert message.status is MessageStatus.BOUNCED
