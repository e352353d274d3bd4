"""E-mail out: one letter to the hospital's own mail server (RFC 5321), in a thread of its own.

Alone knows: smtplib. Must not know: alerts, retries.
"""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path

from central.watch.channel import NotTaken
from config.watch import Mail

WAIT_S = 20.0


def send(settings: Mail, to: str, subject: str, text: str) -> None:
    """Hand one letter over; blocking. Raises NotTaken, which says whether trying again may help."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = settings.sender, to, subject
    letter["Message-ID"] = make_msgid(domain=settings.sender.partition("@")[2])
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence answers it
    letter.set_content(text)
    try:
        with _connected(settings) as server:
            if settings.username:
                secret = Path(settings.password_file).read_text().strip() if settings.password_file else ""
                server.login(settings.username, secret)
            server.send_message(letter)
    except smtplib.SMTPRecipientsRefused as problem:
        raise NotTaken(f"refused: {next(iter(problem.recipients.values()))!r}", is_final=_is_final(problem.recipients)) from problem
    except smtplib.SMTPResponseException as problem:
        raise NotTaken(f"{problem.smtp_code} {problem.smtp_error!r}", is_final=problem.smtp_code >= 500) from problem  # noqa: PLR2004 - RFC 5321, 4.2.1
    except (OSError, smtplib.SMTPException, UnicodeError) as problem:
        raise NotTaken(str(problem) or type(problem).__name__) from problem


def _connected(settings: Mail) -> smtplib.SMTP:
    if settings.security == "tls":
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=WAIT_S, context=ssl.create_default_context())
    server = smtplib.SMTP(settings.host, settings.port, timeout=WAIT_S)
    if settings.security == "starttls":
        server.starttls(context=ssl.create_default_context())
    return server


def _is_final(refused: dict[str, tuple[int, bytes]]) -> bool:
    return all(code >= 500 for code, _ in refused.values())  # noqa: PLR2004 - RFC 5321, 4.2.1: a permanent refusal
