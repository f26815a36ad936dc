"""An e-mail in our words as a message of RFC 5322."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from typing import Any

from roleplay.ports import Attachment, Email
from tenants.clock import now


def to_message(email: Email, *, sender: str) -> EmailMessage:
    """Text and HTML as alternatives, attachments behind them. Marked as automatic, so that nobody's absence answers."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = Address(addr_spec=email.to)
    message["Subject"] = email.subject
    message["Date"] = format_datetime(now())
    message["Message-ID"] = make_msgid(domain=parseaddr(sender)[1].rpartition("@")[2] or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(email.text)
    message.add_alternative(email.html, subtype="html")
    for attachment in email.attachments:
        message.add_attachment(attachment.content, **_typed(attachment), filename=attachment.filename)
    return message


def _typed(attachment: Attachment) -> dict[str, Any]:
    media_type, *options = attachment.media_type.split("; ")
    kind, _, subtype = media_type.partition("/")
    return {"maintype": kind, "subtype": subtype, "params": dict(option.split("=", 1) for option in options)}
