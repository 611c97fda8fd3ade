"""Passwords that have leaked elsewhere: looked up in Pwned Passwords, or in a copy of it, without telling which one."""

import logging
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha1
from http.client import HTTPException
from pathlib import Path
from urllib.request import Request, urlopen

from django.core.exceptions import ValidationError

from .models import User

security = logging.getLogger("sesam.security")

SECONDS = 2.0  # in all, with finding the host: a closed firewall is waited for no longer
LARGEST = 2**20  # bytes of an answer; a range has some 40,000
READERS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="breached")


class BreachedPasswordValidator:
    """Refuses a password that stands in the list.

    `source` is the address of a range service (`https://api.pwnedpasswords.com/range/`), or a folder with the same
    ranges as files (`5BAA6.txt`). The first five of forty hexadecimal digits of the password's SHA-1 are all that is
    asked for, padding hides how long the answer is, and the rest is compared here (k-anonymity). A list that does not
    answer in time stops nobody: the validators beside this one hold, and the log says so.
    """

    def __init__(self, source: str, seconds: float = SECONDS) -> None:
        self.source, self.seconds = source, seconds

    def validate(self, password: str, user: User | None = None) -> None:
        digest = sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
        try:
            found = READERS.submit(self._range, digest[:5]).result(self.seconds)
        except (OSError, ValueError, HTTPException) as problem:  # a timeout is an OSError
            security.warning("The list of breached passwords cannot be read: %s", type(problem).__name__)
            return
        if any(suffix in (digest, digest[5:]) for suffix in found):
            raise ValidationError(
                "Lösenordet har läckt från någon annan tjänst. Välj ett annat.", code="password_breached"
            )

    def get_help_text(self) -> str:
        return "Lösenordet får inte finnas bland dem som har läckt från andra tjänster."

    def _range(self, prefix: str) -> list[str]:
        """What the list has with these five digits first: the other 35. Padding has a count of 0."""
        if self.source.startswith("http"):
            asked = Request(f"{self.source}{prefix}", headers={"User-Agent": "Sesam", "Add-Padding": "true"})  # noqa: S310  # the settings say where
            with urlopen(asked, timeout=self.seconds) as answer:  # noqa: S310  # the setting is https
                text = answer.read(LARGEST).decode("ascii")
        else:
            text = Path(self.source, f"{prefix}.txt").read_text("ascii")
        rows = (line.strip().partition(":") for line in text.splitlines())
        return [suffix.upper() for suffix, _, count in rows if int(count.replace(",", ""))]
