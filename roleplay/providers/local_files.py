"""Files in a folder of this machine: what the product keeps, and mail on a host without an SMTP server."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from uuid import uuid4

from roleplay.ports import Email
from roleplay.providers.messages import to_message
from tenants.clock import now
from tenants.errors import ProviderFailed

MOST_KEPT = 200


@dataclass(frozen=True, slots=True)
class StoredMail:
    name: str
    """Of the file."""
    to: str
    subject: str
    sent_at: datetime
    text: str
    html: str


class LocalFiles:
    """Web and workers see the same folder. A file is there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, key: str, content: bytes) -> None:
        path = self._folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        written = path.with_name(f".{uuid4().hex}")
        written.write_bytes(content)
        written.rename(path)

    def read(self, key: str) -> bytes | None:
        try:
            return (self._folder / key).read_bytes()
        except FileNotFoundError:
            return None

    def delete(self, key: str) -> None:
        (self._folder / key).unlink(missing_ok=True)


class FolderMailer:
    """Writes each e-mail to `folder` as an `.eml` file; the oldest go when there are more than 200."""

    def __init__(self, folder: Path, *, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    def send(self, email: Email) -> None:
        content = to_message(email, sender=self._sender).as_bytes()
        name = f"{now():%Y%m%dT%H%M%S%f}-{uuid4().hex[:8]}.eml"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            written = self._folder / f".{name}"
            written.write_bytes(content)
            written.rename(self._folder / name)
            for old in self._files()[MOST_KEPT:]:
                old.unlink(missing_ok=True)
        except OSError as error:
            raise ProviderFailed(code="mail_not_written", recoverable=True) from error

    def list_mail(self, *, limit: int = 50) -> list[StoredMail]:
        """Newest first."""
        return [_stored(path) for path in self._files()[:limit]]

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("[0-9]*.eml"), reverse=True)


def _stored(path: Path) -> StoredMail:
    message = message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=policy.default)
    return StoredMail(
        name=path.name,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        sent_at=datetime.strptime(path.name.split("-")[0] + "+0000", "%Y%m%dT%H%M%S%f%z"),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if isinstance(part, EmailMessage) else ""
