"""Mail by SMTP: `smtp://user:password@host:587` upgrades with STARTTLS, `smtps://…:465` speaks TLS from the start.

Passwords never go over a line that is not encrypted: credentials with a server that offers no STARTTLS are refused.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from roleplay.ports import Email
from roleplay.providers.messages import to_message
from tenants.errors import ProviderFailed

TIMEOUT = 15.0
"""Seconds, for each step of the conversation with the server."""
_PERMANENT = 500


@dataclass(frozen=True, slots=True, repr=False)
class _Server:
    host: str
    port: int
    tls: bool
    user: str
    password: str


class SmtpMailer:
    """Sends each e-mail over a connection of its own."""

    def __init__(self, url: str, *, sender: str, timeout: float = TIMEOUT) -> None:
        self._server = _server(url)
        self._sender = sender
        self._timeout = timeout

    def send(self, email: Email) -> None:
        """Raises `ProviderFailed`: recoverable for a server that is away or says "later" (4xx), else not."""
        try:
            with self._connection() as connection:
                connection.send_message(to_message(email, sender=self._sender))
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise ProviderFailed(code="mail_refused", recoverable=all(code < _PERMANENT for code in codes)) from None
        except smtplib.SMTPResponseException as error:
            raise ProviderFailed(code="mail_refused", recoverable=error.smtp_code < _PERMANENT) from None
        except smtplib.SMTPNotSupportedError:
            raise ProviderFailed(code="mail_not_supported", recoverable=False) from None
        except ssl.SSLCertVerificationError:
            raise ProviderFailed(code="mail_certificate", recoverable=False) from None
        except (smtplib.SMTPException, OSError):
            raise ProviderFailed(code="mail_unreachable", recoverable=True) from None

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        with self._opened() as connection:
            if self._server.user:
                connection.login(self._server.user, self._server.password)
            yield connection

    def _opened(self) -> smtplib.SMTP:
        server, context = self._server, ssl.create_default_context()
        if server.tls:
            return smtplib.SMTP_SSL(server.host, server.port, timeout=self._timeout, context=context)
        connection = smtplib.SMTP(server.host, server.port, timeout=self._timeout)
        connection.ehlo()
        if connection.has_extn("starttls"):
            connection.starttls(context=context)
        elif server.user:
            connection.close()
            raise smtplib.SMTPNotSupportedError
        return connection


def _server(url: str) -> _Server:
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("SMTP_URL is smtp://user:password@host:587 or smtps://user:password@host:465")
    tls = parts.scheme == "smtps"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return _Server(parts.hostname, parts.port or (465 if tls else 587), tls, user, password)
