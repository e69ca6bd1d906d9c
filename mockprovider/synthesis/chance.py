"""Chance as an argument: everything that looks random is drawn from the request and the seed."""

import hashlib
import re
import string

_ALNUM = string.ascii_letters + string.digits
_GENERATOR = re.compile(r"\$(alnum|hex|digits)(\d+)")
_PADDINGS = [hashlib.sha256(b"%d" % n).hexdigest()[: n * 7 % 16] for n in range(509)]


class Chance:
    """A stream of draws that is the same for the same material."""

    def __init__(self, *material: bytes) -> None:
        self._seed = hashlib.blake2b(b"\0".join(material), digest_size=32).digest()
        self._count = 0

    def number(self) -> int:
        """A number of 64 bits."""
        self._count += 1
        return int.from_bytes(hashlib.blake2b(self._seed, digest_size=8, salt=b"%d" % self._count).digest(), "big")

    def alnum(self, length: int) -> str:
        """Letters and digits."""
        return self._of(_ALNUM, length)

    def hex(self, length: int) -> str:
        """Lower-case hexadecimal digits."""
        return self._of("0123456789abcdef", length)

    def digits(self, length: int) -> str:
        """Decimal digits."""
        return self._of(string.digits, length)

    def uuid(self) -> str:
        """A version 4 UUID (RFC 9562, section 5.4)."""
        d = self.hex(32)
        variant = "89ab"[int(d[16], 16) % 4]
        return f"{d[:8]}-{d[8:12]}-4{d[13:16]}-{variant}{d[17:20]}-{d[20:]}"

    def paddings(self, count: int) -> list[str]:
        """Strings of up to 15 characters, cheaply: OpenAI puts one into every chunk, as `obfuscation`."""
        start = self.number() % len(_PADDINGS)
        enough = _PADDINGS * ((start + count) // len(_PADDINGS) + 1)
        return enough[start : start + count]

    def fill(self, form: str) -> str:
        """A form such as `chatcmpl-$alnum29` with its generators drawn."""
        filled = _GENERATOR.sub(lambda m: str(getattr(self, m[1])(int(m[2]))), form)
        return filled.replace("$uuid", self.uuid()) if "$uuid" in filled else filled

    def _of(self, alphabet: str, length: int) -> str:
        base, value, drawn = len(alphabet), 0, []
        for _ in range(length):
            if value < base:
                value = self.number()
            value, index = divmod(value, base)
            drawn.append(alphabet[index])
        return "".join(drawn)
