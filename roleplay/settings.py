"""Every setting, read once from the environment or `.env`. The text under each is what `docs/operations.md` says."""

from collections.abc import Mapping
from functools import cached_property
from hmac import compare_digest
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", extra="ignore", use_attribute_docstrings=True)

    secret_key: SecretStr = SecretStr("")
    """Signs cookies and form tokens; at least 32 random characters. `make run` keeps one in `var/secret_key`."""

    public_url: str = "http://localhost:8000"
    """Where people reach the product, scheme and host included; for links in e-mails and the socket's Origin check."""

    host: str = "127.0.0.1"
    """The address that `make run` listens on."""

    port: int = 8000
    """The port of the web process under `make run`."""

    relay_port: int = 8001
    """The port of the relay process under `make run`."""

    engine_port: int = 8002
    """The port of the embedded voice engine under `make run`."""

    demo: bool = False
    """Demo mode: seeded organizations and `/dev/sign-in`, which signs in by clicking a name. Never on a real host."""

    database_url: str = ""
    """PostgreSQL 15 or newer, as the role of the web, relay and worker processes (`app_rw`: it owns no table and may
    not bypass row-level security). Empty starts the embedded PostgreSQL under `var/`."""

    database_owner_url: str = ""
    """The same database as the role that owns the tables; migrations run as it."""

    database_ops_url: str = ""
    """The same database as the role that may bypass row-level security; the reconciler and the schedules use it."""

    redis_url: str = ""
    """Redis or Valkey for the queue and the rate limits. Empty starts the embedded Valkey under `var/`."""

    openai_api_key: SecretStr | None = None
    """With a key, calls go to OpenAI Realtime and evaluations to the Responses API; without, to the practice engine."""

    openai_base_url: str | None = None
    """Another server with the same HTTP interface, for evaluations."""

    openai_realtime_url: str | None = None
    """Another server with the same Realtime interface, for calls, e.g. `wss://voice.example.com/v1/realtime`."""

    openai_realtime_model: str = "gpt-realtime-2.1"
    """The model that plays the persona."""

    openai_transcription_model: str = "gpt-transcribe"
    """The model that writes down what the learner says."""

    openai_evaluation_model: str = "gpt-5.2"
    """The model that judges the transcript."""

    dialogue_base_url: str | None = None
    """A chat-completions server that words the persona's answers while the embedded engine hears and speaks, e.g.
    `http://localhost:11434/v1`. What is said goes there in writing; no sound does."""

    dialogue_model: str = ""
    """The model to ask for on that server; it must know tools."""

    dialogue_api_key: SecretStr | None = None
    """The key for that server, if it wants one."""

    engine_url: str = "ws://127.0.0.1:8002/v1/realtime"
    """The embedded voice engine; used for calls while no OpenAI key or Realtime address is set."""

    relay_url: str = ""
    """Where browsers open the call's socket, e.g. `wss://example.com`. Empty means the same host as the page, which is
    right when a proxy routes `/relay/` to the relay process."""

    allowed_origins: list[str] = Field(default_factory=list)
    """More origins that may open a call's socket, besides the one of `PUBLIC_URL`."""

    relay_pump: Literal["compiled", "hub", "threads"] = "compiled"
    """How the relay moves sound: `compiled`, many sockets at a time and past Python, about a thousand calls for a core;
    `hub` in callbacks of gevent's loop, about 500, and what `compiled` falls back to where it could not be built;
    `threads` with plain threads, about a hundred. Behind an outgoing HTTP proxy it is always `threads`."""

    relay_drain_seconds: float = Field(default=10.0, ge=0, le=300)
    """How long a relay that is told to stop waits for its browsers to move to another one, before it closes their
    sockets. Whatever stops it must wait 15 seconds longer before it kills."""

    metrics_token: SecretStr | None = None
    """What a scraper sends to read `/metrics`, as `Authorization: Bearer <token>`. Empty lets nobody read it who is
    not on the same machine, or who comes through a proxy."""

    trusted_proxies: int = 0
    """How many reverse proxies stand before the web process; their X-Forwarded headers are believed, no more."""

    smtp_url: SecretStr | None = None
    """`smtp://user:password@host:587` (STARTTLS) or `smtps://…:465`. Empty keeps mail as files under `var/mail`."""

    mail_from: str = "Roleplay <practice@localhost>"
    """The sender of every e-mail."""

    files_url: str = ""
    """A bucket for the files that workers make and web processes hand out, e.g.
    `https://s3.eu-west-3.amazonaws.com/bucket/folder`. Empty keeps them under `VAR/files`, which all of them have to
    see."""

    files_region: str = "us-east-1"
    """The bucket's region, as its server knows it."""

    files_access_key: str = ""
    """Who asks for the bucket's files."""

    files_secret_key: SecretStr = SecretStr("")
    """The key that signs what is asked."""

    var: Path = Path("var")
    """Where the embedded parts keep their state, and mail goes when there is no SMTP server."""

    log_json: bool = True
    """JSON lines for machines; off gives readable lines for a terminal."""

    @cached_property
    def origins(self) -> frozenset[str]:
        parts = urlsplit(self.public_url)
        return frozenset({f"{parts.scheme}://{parts.netloc}", *self.allowed_origins})

    def may_read_metrics(self, headers: Mapping[str, str], address: str | None) -> bool:
        if self.metrics_token:
            wanted = f"Bearer {self.metrics_token.get_secret_value()}"
            return compare_digest(headers.get("Authorization", "").encode(), wanted.encode())
        is_near = not address or address == "::1" or address.startswith("127.")
        return is_near and "X-Forwarded-For" not in headers

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def socket_base(self) -> str:
        """The address of the relay as a browser needs it, without a trailing slash."""
        return self.relay_url.rstrip("/") or self.public_url.rstrip("/").replace("http", "ws", 1)

    @property
    def uses_practice_engine(self) -> bool:
        return self.openai_api_key is None and self.openai_realtime_url is None

    @property
    def engine_label(self) -> str:
        """Who speaks as the persona, as attempts keep it and pages say it."""
        if self.uses_practice_engine:
            return "Practice engine with a dialogue server" if self.dialogue_base_url else "Practice engine"
        return "Voice server" if self.openai_realtime_url else "OpenAI Realtime"
