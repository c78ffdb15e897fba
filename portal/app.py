"""The composition root: builds the application from its settings; the only module that may import everything."""

from __future__ import annotations

import importlib
import os
import pkgutil
import secrets
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, request
from flask_babel import Babel
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import cli, clock, config, models
from portal.models.base import db
from portal.models.keys import keyring
from portal.services import issuing, passwords
from portal.storage.lines import LineStore
from portal.storage.objects import stores_under
from portal.web import access, assets, bodies, display, errors, limits, navigation
from portal.web.labels import ROLES
from portal.web.merchant.urls import ROUTES as MERCHANT
from portal.web.official.urls import ROUTES as OFFICIAL
from portal.web.openapi import mount_api
from portal.web.partner import oauth
from portal.web.partner.urls import PREFIX as API
from portal.web.partner.urls import ROUTES as PARTNER
from portal.web.platform.urls import ROUTES as PLATFORM
from portal.web.policy.urls import ROUTES as POLICY
from portal.web.public.language import current as language
from portal.web.public.urls import BANK
from portal.web.public.urls import ROUTES as PUBLIC
from portal.web.routing import mount
from reports import messages, page

WEB = Path(__file__).parent / "web"


def create_app(settings: config.Settings | None = None) -> Flask:
    """The portal as a WSGI application. Raises Misconfigured instead of starting unsafely."""
    settings = settings or config.read(os.environ)
    app = Flask(
        "portal",
        instance_path=str(settings.instance),
        static_folder=str(WEB / "static"),
        template_folder=str(WEB / "templates"),
    )
    app.config.update(_flask_settings(settings))
    keyring.load(settings.data_keys, settings.index_key)
    passwords.configure(settings.password_cost)
    clock.shift(settings.clock_shift)
    issuing.configure(settings.base_url, demo=settings.demo)
    messages.configure(settings.base_url, demo=settings.demo)
    page.register_fonts(settings.fonts)
    app.extensions["ieum_stores"] = stores_under(settings.store)
    app.extensions["ieum_lines"] = LineStore(settings.store)
    for module in pkgutil.iter_modules(models.__path__):
        importlib.import_module(f"portal.models.{module.name}")
    db.init_app(app)
    Migrate(app, db, directory=str(config.ROOT / "migrations"), render_as_batch=False)
    bodies.install(app)
    access.install(app)  # before the form token's check: who is not signed in is asked to, and loses nothing
    forgery = CSRFProtect(app)
    Babel(app, locale_selector=language, default_translation_directories=str(WEB / "translations"))
    errors.install(app)
    display.install(app)
    mount(app, "public", PUBLIC)
    mount(app, "merchant", MERCHANT, prefix="/my")
    mount(app, "official", OFFICIAL, prefix="/office")
    mount(app, "platform", PLATFORM, prefix="/platform")
    mount(app, "policy", POLICY, prefix="/policy")
    forgery.exempt(mount(app, "bank", BANK, prefix="/bank"))  # its caller signs, and has no cookie
    oauth.install(app)
    api = mount_api(app, PARTNER, prefix=API)
    forgery.exempt(api)  # its callers hold a token, no cookie
    limits.install(app, api, settings.api_rate, settings.rate_storage)
    cli.install(app)
    _prepare_pages(app, settings)
    if not settings.demo:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)
    return app


def _flask_settings(settings: config.Settings) -> dict[str, Any]:
    options: dict[str, Any] = {"hide_parameters": True}  # what people entered has no place in a log of errors
    if settings.database_url.startswith("postgresql"):
        limits = "-c lock_timeout=15s -c statement_timeout=60s"
        options |= {"pool_pre_ping": True, "connect_args": {"options": limits}}
    return {
        "SETTINGS": settings,
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": options,
        "PACKAGES_DIR": settings.packages,
        "MAX_CONTENT_LENGTH": settings.max_upload_bytes,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "SESSION_COOKIE_SECURE": not settings.demo,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,  # the token lives as long as the session it is bound to
        "BABEL_DEFAULT_LOCALE": "ko",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Seoul",
    }


def _prepare_pages(app: Flask, settings: config.Settings) -> None:
    """What every page may use, and the headers every answer carries."""

    @app.context_processor
    def _everywhere() -> dict[str, Any]:
        actor = access.actor_or_none()
        groups = navigation.menu(actor)
        return {
            "actor": actor,
            "role_label": ", ".join(str(ROLES[role]) for role in sorted(actor.roles)) if actor else "",
            "menu": groups,
            "navigation": navigation.entries(groups),
            "start": navigation.start(groups),
            "unread": access.unread(),
            "unreachable": access.unreachable(),
            "demo": settings.demo,
            "csp_nonce": _nonce(),
            "language": language(),
            "package_url": assets.package_url,
        }

    @app.after_request
    def _headers(response: Response) -> Response:
        nonce = _nonce()
        response.headers.setdefault(
            "Content-Security-Policy",
            f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
            "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'",
        )
        if not settings.demo:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if request.endpoint not in ("static", "public.assets_packages"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _nonce() -> str:
    """The nonce of this answer, also where a refusal came before everything else."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return g.csp_nonce
