"""Settings of a deployment: read once from the environment, frozen, and refused if unsafe or incomplete."""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from portal.domain.bank_orders import BankAccess
from portal.domain.errors import Misconfigured
from portal.domain.messages import Channel, MailAccess, address_fault
from portal.domain.snapshots import RegisterAccess

_MAIL_PORTS = {"none": "25", "starttls": "587", "tls": "465"}
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """`mode`: "demo" (everything marked 데모, secrets made in instance/) or "production" (all secrets given)."""

    mode: str
    instance: Path
    database_url: str
    secret_key: str = field(repr=False)
    data_keys: Mapping[int, bytes] = field(repr=False)
    index_key: bytes = field(repr=False)
    base_url: str = "http://127.0.0.1:8000"
    packages: Path = ROOT / "node_modules"
    password_cost: str = "full"  # noqa: S105 (a cost, not a password)
    max_upload_bytes: int = 64 * 1024 * 1024
    idle_minutes: int = 30
    api_rate: str = "600 per minute"
    rate_storage: str = "memory://"
    clock_shift: timedelta = timedelta()
    bank: BankAccess | None = None  # without it, payments leave by file alone
    tax_office: RegisterAccess | None = None  # without it, whether a business trades stays provisional
    account_holders: RegisterAccess | None = None
    paying_accounts: Mapping[str, tuple[str, str]] = field(default_factory=dict, repr=False)
    mail: MailAccess | None = None  # without it, no mail leaves
    texting: frozenset[Channel] = frozenset()  # by the stand-in that writes into a file; no real service is spoken to

    @property
    def channels(self) -> frozenset[Channel]:
        """By what people can be told outside the portal."""
        return self.texting | {Channel.MAIL} if self.mail else self.texting

    @property
    def demo(self) -> bool:
        return self.mode == "demo"

    @property
    def store(self) -> Path:
        return self.instance / "store"

    @property
    def fonts(self) -> Path:
        return self.packages / "@expo-google-fonts" / "noto-sans-kr"


def read(environ: Mapping[str, str]) -> Settings:
    """The settings of this process. Raises Misconfigured and names what is wrong."""
    mode = environ.get("IEUM_MODE", "demo")
    if mode not in ("demo", "production"):
        raise Misconfigured(f"IEUM_MODE must be demo or production, not {mode!r}")
    instance = Path(environ.get("IEUM_INSTANCE", ROOT / "instance")).resolve()
    given = _secrets_given(environ)
    if mode == "production":
        missing = [name for name in ("IEUM_SECRET_KEY", "IEUM_DATA_KEYS", "IEUM_INDEX_KEY") if name not in given]
        missing += [name for name in ("IEUM_DATABASE_URL", "IEUM_BASE_URL") if name not in environ]
        if missing:
            raise Misconfigured(f"production needs {', '.join(missing)}")
        if not environ["IEUM_BASE_URL"].startswith("https://"):
            raise Misconfigured("production is served over https: IEUM_BASE_URL must say so")
    else:
        given = _secrets_kept(instance) | given
    if len(given["IEUM_SECRET_KEY"]) < 32:
        raise Misconfigured("IEUM_SECRET_KEY is shorter than 32 characters")
    return Settings(
        mode=mode,
        instance=instance,
        database_url=environ.get("IEUM_DATABASE_URL", f"sqlite:///{instance / 'ieum.sqlite'}"),
        secret_key=given["IEUM_SECRET_KEY"],
        data_keys=_data_keys(given["IEUM_DATA_KEYS"]),
        index_key=_key("IEUM_INDEX_KEY", given["IEUM_INDEX_KEY"]),
        base_url=environ.get("IEUM_BASE_URL", f"http://127.0.0.1:{environ.get('PORT', '8000')}").rstrip("/"),
        packages=Path(environ.get("IEUM_PACKAGES", ROOT / "node_modules")),
        password_cost=environ.get("IEUM_PASSWORD_COST", "full"),
        idle_minutes=int(environ.get("IEUM_IDLE_MINUTES", "30")),
        api_rate=environ.get("IEUM_API_RATE", "600 per minute"),
        rate_storage=environ.get("IEUM_RATE_STORAGE", "memory://"),
        clock_shift=_clock_shift(instance) if mode == "demo" else timedelta(),
        bank=_bank(environ, mode),
        tax_office=_register(environ, mode, "IEUM_TAX_OFFICE"),
        account_holders=_register(environ, mode, "IEUM_ACCOUNT_HOLDERS"),
        paying_accounts=_paying_accounts(environ.get("IEUM_PAYING_ACCOUNTS", "")),
        mail=_mail(environ, mode),
        texting=_texting(environ, mode),
    )


def _paying_accounts(text: str) -> dict[str, tuple[str, str]]:
    """ "gurye=011:30100001234,...": the account each organisation pays from."""
    found = {}
    for part in filter(None, text.split(",")):
        code, _, account = part.partition("=")
        bank, _, number = account.partition(":")
        if not code or len(bank) != 3 or not (bank + number).isdecimal() or not number:
            raise Misconfigured("IEUM_PAYING_ACCOUNTS must read organisation=bank:number[,...], bank of three digits")
        found[code] = (bank, number)
    return found


def _mail(environ: Mapping[str, str], mode: str) -> MailAccess | None:
    """The server that takes mail, where there is one; a password never goes over an open line."""
    host = environ.get("IEUM_MAIL_HOST", "")
    if not host:
        return None
    tls, sender = environ.get("IEUM_MAIL_TLS", "starttls"), environ.get("IEUM_MAIL_FROM", "")
    user, password = environ.get("IEUM_MAIL_USER", ""), environ.get("IEUM_MAIL_PASSWORD", "")
    if tls not in ("none", "starttls", "tls"):
        raise Misconfigured("IEUM_MAIL_TLS must be starttls, tls or none")
    if address_fault(Channel.MAIL, sender):
        raise Misconfigured("IEUM_MAIL_HOST needs IEUM_MAIL_FROM, an address of mail")
    if bool(user) != bool(password):
        raise Misconfigured("IEUM_MAIL_USER and IEUM_MAIL_PASSWORD go together")
    if tls == "none" and (user or (mode == "production" and host not in _THIS_MACHINE)):
        raise Misconfigured("IEUM_MAIL_TLS=none is for a server on this machine that asks for no password")
    port = int(environ.get("IEUM_MAIL_PORT", _MAIL_PORTS[tls]))
    return MailAccess(host, port, tls, sender, user, password, authority=environ.get("IEUM_MAIL_CA", ""))


def _texting(environ: Mapping[str, str], mode: str) -> frozenset[Channel]:
    found = set()
    for name, channel in (("IEUM_SMS", Channel.SMS), ("IEUM_MESSENGER", Channel.MESSENGER)):
        kind = environ.get(name, "")
        if kind not in ("", "file"):
            raise Misconfigured(f"{name} must be file, the stand-in, or be left out")
        if kind and mode == "production":
            raise Misconfigured(f"{name}=file reaches nobody's telephone: it is for a demo")
        found |= {channel} if kind else set()
    return frozenset(found)


def _register(environ: Mapping[str, str], mode: str, name: str) -> RegisterAccess | None:
    """An outside register: address and key together or not at all."""
    url, key = environ.get(f"{name}_URL", ""), environ.get(f"{name}_KEY", "")
    if bool(url) != bool(key):
        raise Misconfigured(f"{name}_URL and {name}_KEY go together")
    if url and mode == "production" and not url.startswith("https://"):
        raise Misconfigured(f"in production registers are asked over https: {name}_URL must say so")
    return RegisterAccess(url.rstrip("/"), key) if url else None


def _bank(environ: Mapping[str, str], mode: str) -> BankAccess | None:
    """The bank's own door, where the deployment has one: address and key together or not at all."""
    url, key = environ.get("IEUM_BANK_URL", ""), environ.get("IEUM_BANK_KEY", "")
    if not url and not key:
        return None
    if not url or len(key) < 32:
        raise Misconfigured("IEUM_BANK_URL needs IEUM_BANK_KEY, of at least 32 characters")
    if mode == "production" and not url.startswith("https://"):
        raise Misconfigured("in production the bank is spoken to over https: IEUM_BANK_URL must say so")
    hours = int(environ.get("IEUM_BANK_SAFE_HOURS", "24"))
    wait = timedelta(seconds=float(environ.get("IEUM_BANK_SECONDS", "10")))
    return BankAccess(url.rstrip("/"), key, wait, timedelta(hours=hours))


def _clock_shift(instance: Path) -> timedelta:
    """How far the demo's clock stands from the real one; written by `flask demo load`, never read in production."""
    path = instance / "demo-clock.json"
    return (
        timedelta(seconds=json.loads(path.read_text(encoding="utf-8"))["shift_seconds"])
        if path.exists()
        else timedelta()
    )


def _secrets_given(environ: Mapping[str, str]) -> dict[str, str]:
    names = ("IEUM_SECRET_KEY", "IEUM_DATA_KEYS", "IEUM_INDEX_KEY")
    return {name: environ[name] for name in names if environ.get(name)}


def _secrets_kept(instance: Path) -> dict[str, str]:
    """The demo's own secrets, made at the first start and readable by the owner alone."""
    path = instance / "secrets.json"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        made = {
            "IEUM_SECRET_KEY": secrets.token_urlsafe(48),
            "IEUM_DATA_KEYS": "1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
            "IEUM_INDEX_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        }
        aside = path.with_name(f"{path.name}.{os.getpid()}")
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            json.dump(made, out)
        try:
            os.link(aside, path)  # the first of several starting processes wins; the others read its keys
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    return json.loads(path.read_text(encoding="utf-8"))


def _data_keys(text: str) -> dict[int, bytes]:
    """ "1:base64,2:base64": the newest id encrypts."""
    pairs = [part.split(":", 1) for part in text.split(",")]
    if not all(len(pair) == 2 and pair[0].isdigit() and 0 < int(pair[0]) < 256 for pair in pairs):
        raise Misconfigured("IEUM_DATA_KEYS must read id:base64[,id:base64], ids 1 to 255")
    return {int(key_id): _key("IEUM_DATA_KEYS", value) for key_id, value in pairs}


def _key(name: str, value: str) -> bytes:
    key = base64.b64decode(value)
    if len(key) != 32:
        raise Misconfigured(f"{name}: a key has 32 bytes")
    return key
