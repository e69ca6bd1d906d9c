"""Chance as an argument: everything that looks random is drawn from the request and the seed."""

import hashlib
import re
import string
import uuid

GENERATOR = re.compile(r"\$(alnum|lower|hex|digits|integer|decimal)([1-9]\d{0,2})(?!\d)|\$uuid(?![a-z_0-9])")
"""A generator in a form: `$alnum29`, `$lower12`, `$hex32`, `$digits6`, `$uuid`; alone in its string a number of so many
digits: `$integer9`, and one below 1 with so many places: `$decimal6`. No more than 999 of anything."""
_ALNUM = string.ascii_letters + string.digits
_ALPHABET = string.ascii_lowercase + string.digits
_TO_ALNUM = bytes(ord(_ALNUM[byte % 62]) for byte in range(256))
_TO_LOWER = bytes(ord(_ALPHABET[byte % len(_ALPHABET)]) for byte in range(256))
_TO_DIGITS = bytes(ord(string.digits[byte % 10]) for byte in range(256))
_PADDINGS = [f'"{hashlib.sha256(b"%d" % n).hexdigest()[: n * 7 % 16]}"' for n in range(509)]


class Chance:
    """A stream of draws that is the same for the same material."""

    def __init__(self, *material: bytes) -> None:
        self._state = hashlib.blake2b(b"\0".join(material))
        self._origin = self._state.copy()
        self._drawn = b""

    def twin(self) -> "Chance":
        """Another that will draw the same as this one from here on."""
        twin = Chance()
        twin._state, twin._origin, twin._drawn = self._state.copy(), self._origin, self._drawn
        return twin

    def fixed(self) -> "Chance":
        """One that draws the same however much has been drawn from this one."""
        fixed = Chance()
        fixed._state = self._origin.copy()
        fixed._state.update(b"fixed")
        return fixed

    def another(self, number: int) -> "Chance":
        """One that draws otherwise, the same for the same number."""
        return Chance(self._state.digest(), b"%d" % number)

    def draw(self, count: int) -> bytes:
        """The next bytes."""
        while len(self._drawn) < count:
            self._drawn += self._state.digest()
            self._state.update(b"next")
        drawn, self._drawn = self._drawn[:count], self._drawn[count:]
        return drawn

    def number(self, below: int) -> int:
        """A number from 0 on."""
        return int.from_bytes(self.draw(4), "big") % below

    def alnum(self, length: int) -> str:
        """Letters and digits."""
        return self.draw(length).translate(_TO_ALNUM).decode()

    def hex(self, length: int) -> str:
        """Lower-case hexadecimal digits."""
        return self.draw((length + 1) // 2).hex()[:length]

    def lower(self, length: int) -> str:
        """Small letters and digits."""
        return self.draw(length).translate(_TO_LOWER).decode()

    def integer(self, length: int) -> int:
        """A number of so many digits."""
        least = int("1" + "0" * (length - 1))
        return least + int(self.digits(length)) % (9 * least)

    def decimal(self, places: int) -> float:
        """A number from 0 to 1."""
        return float(f"0.{self.digits(places)}")

    def digits(self, length: int) -> str:
        """Decimal digits."""
        return self.draw(length).translate(_TO_DIGITS).decode()

    def uuid(self) -> str:
        """A version 4 UUID (RFC 9562, section 5.4)."""
        return str(uuid.UUID(bytes=self.draw(16), version=4))

    def paddings(self, count: int) -> list[str]:
        """JSON strings of up to 15 characters, cheaply: OpenAI puts one into every chunk, as `obfuscation`."""
        start = self.number(len(_PADDINGS))
        enough = _PADDINGS * ((start + count) // len(_PADDINGS) + 1)
        return enough[start : start + count]

    def beginnings(self, count: int) -> list[str]:
        """JSON strings that begin the alphabet and stop somewhere: another padding that is seen."""
        return [f'"{_ALPHABET[: byte % (len(_ALPHABET) + 1)]}"' for byte in self.draw(count)]

    def fill(self, form: str) -> str:
        """A form such as `chatcmpl-$alnum29` with its generators drawn."""
        return GENERATOR.sub(self.drawn, form) if "$" in form else form

    def value(self, generator: str) -> str | float:
        """What a generator that is alone in its string draws."""
        found = GENERATOR.fullmatch(generator)
        if found is None or found[1] not in ("integer", "decimal"):
            return self.fill(generator)
        return self.integer(int(found[2])) if found[1] == "integer" else self.decimal(int(found[2]))

    def drawn(self, found: re.Match[str]) -> str:
        """What one generator, found in a form, draws."""
        kind, count = found[1], found[2]
        return str(getattr(self, kind)(int(count))) if count else self.uuid()
