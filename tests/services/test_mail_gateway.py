"""Mail goes over real SMTP to a server on this machine, and each of its answers is read for what it means."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal.domain.messages import Answer, Channel, MailAccess, Sending, Verdict
from portal.gateways import mail, texting
from tests.factories import AT
from tests.mailbox import Mailbox, receiving

V = Verdict


def sending(number: int = 1, address: str = "kim@example.kr") -> Sending:
    return Sending(
        number, "token", Channel.MAIL, f"<{number:032x}@ieum.example.kr>", "[이음] 보완 요청", ".점\n본문\n", address
    )


def sent(access: MailAccess, *what: Sending) -> list[Answer]:
    with mail.connected(access) as line:
        return [line.send(each, at=AT) for each in what]


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with receiving() as made:
        yield made


def test_a_mail_arrives_whole_with_its_own_id_over_one_line_for_many(box: Mailbox) -> None:
    answers = sent(box.access(), sending(1), sending(2))
    assert [answer.verdict for answer in answers] == [V.TAKEN, V.TAKEN]
    assert [(one, to) for one, to, _ in box.took] == [("portal@example.kr", "kim@example.kr")] * 2
    assert box.connections == 1
    first = box.mails[0]
    assert (first["Message-ID"], first["Subject"]) == (f"<{1:032x}@ieum.example.kr>", "[이음] 보완 요청")
    assert (first["Auto-Submitted"], first["Date"].datetime) == ("auto-generated", AT)
    assert first.get_content().splitlines() == [".점", "본문"]


# stage, what the server says, what it means
ANSWERS = (
    ("RCPT", "550 5.1.1 no such user", V.NO_SUCH_ADDRESS),
    ("RCPT", "550 unknown", V.NO_SUCH_ADDRESS),
    ("RCPT", "550 5.7.1 policy", V.NEVER),
    ("RCPT", "552 5.2.2 mailbox full", V.LATER),
    ("RCPT", "553 5.1.7 your address is odd", V.NEVER),
    ("RCPT", "451 4.7.1 greylisted", V.LATER),
    ("MAIL", "452 4.3.1 disk full", V.LATER),
    ("MAIL", "530 5.7.0 sign in first", V.LATER),
    ("DATA", "554 5.6.0 spam", V.NEVER),
    ("DATA", "451 4.3.0 later", V.LATER),
    ("DATA", "drop", V.LATER),
    ("GREETING", "554 closed", V.LATER),
)


@pytest.mark.parametrize(("stage", "said", "verdict"), ANSWERS)
def test_a_refusal_is_read_for_what_it_means_and_the_next_mail_goes_on(box: Mailbox, stage, said, verdict) -> None:
    box.answers = {stage: [said]}
    first, second = sent(box.access(), sending(1), sending(2))
    assert (first.verdict, second.verdict) == (verdict, V.TAKEN)
    assert "user" not in first.problem
    assert [each["Message-ID"][1:33] for each in box.mails][-1] == f"{2:032x}"


def test_where_nobody_listens_or_answers_it_is_tried_later() -> None:
    assert sent(MailAccess("127.0.0.1", 9, "none", "portal@example.kr"), sending())[0].verdict is V.LATER
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        access = MailAccess("127.0.0.1", port, "none", "portal@example.kr", wait=timedelta(seconds=0.3))
        (answer,) = sent(access, sending())
    assert (answer.verdict, answer.code) == (V.LATER, None)


@pytest.fixture
def authority(tmp_path: Path) -> tuple[str, ssl.SSLContext]:
    """A certificate for this machine's address that is its own authority, and what a server needs of it."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    alone = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(alone, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path, secret = tmp_path / "cert.pem", tmp_path / "key.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, secret)
    return str(path), context


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_over_tls_the_password_is_given_and_a_stranger_is_not_spoken_to(authority, tls: str) -> None:
    trusted, context = authority
    box = Mailbox(login=("portal", "secret"), tls=context)
    with receiving(box, at_once=tls == "tls"):
        if tls == "tls":
            box.tls = None  # no STARTTLS inside of TLS
        whole = box.access(tls, user="portal", password="secret", authority=trusted)
        assert sent(whole, sending())[0].verdict is V.TAKEN
        wrong = box.access(tls, user="portal", password="guess", authority=trusted)
        assert sent(wrong, sending())[0] == Answer(V.LATER, 535, "SMTPAuthenticationError")
        said = len([line for line in box.said if line.startswith("AUTH")])
        unknown = sent(box.access(tls, user="portal", password="secret"), sending())[0]
        assert (unknown.verdict, unknown.problem) == (V.LATER, "SSLCertVerificationError")
        assert len([line for line in box.said if line.startswith("AUTH")]) == said
    assert len(box.took) == 1


def test_a_server_without_tls_is_sent_nothing_where_tls_was_asked_for(box: Mailbox) -> None:
    assert sent(box.access("starttls"), sending())[0].verdict is V.LATER
    assert box.took == []


def test_the_stand_in_for_telephones_writes_a_line_and_knows_no_wrong_number(tmp_path: Path) -> None:
    send = texting.into(tmp_path / "texting")
    message = Sending(1, "t", Channel.SMS, "<x@y>", "", "[이음] 보완 요청", "01012345678")
    assert send(message, AT).verdict is V.TAKEN
    path = tmp_path / "texting" / "sms.jsonl"
    assert (path.read_text("utf-8").count("\n"), oct(path.stat().st_mode)[-3:]) == (1, "600")
    wrong = Sending(2, "t", Channel.SMS, "<x@z>", "", "", "01012340000")
    assert send(wrong, AT).verdict is V.NO_SUCH_ADDRESS
    assert path.read_text("utf-8").count("\n") == 1
