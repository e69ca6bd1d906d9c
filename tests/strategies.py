"""What the laws are tried on, in one place: tapes and their parts, requests, exchanges, JSON, SSE bodies, secrets."""

import json
import string
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from mockprovider.tape import (
    Abandoned,
    Chunk,
    Citation,
    Complete,
    Cut,
    Ending,
    Exchange,
    Fidelity,
    Framing,
    Garbage,
    Hang,
    Head,
    Headers,
    Origin,
    Request,
    Reset,
    Tape,
)


def law(examples: int = 40) -> settings:
    """How hard a law is tried. No deadline: a machine under load is no reason to fail."""
    return settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])


TOKEN = string.ascii_letters + string.digits + "!#$%&'*+-.^_`|~"
"""What a header's name may be made of (RFC 9110, section 5.6.2)."""

NASTY = (
    *("", " ", "  ", "\n", "\n\n", "\r", "\r\n", "\t", "\0", "\x1b[0m", "\x7f", "\x85", "\xa0", "\u2028", "\ufeff"),
    *("~", "null", "Null", "yes", "NO", "on", "off", "True", "FALSE", "y", "n", "=", "<<", "*a", "&a", "!a", "|", ">"),
    *("-", "- a", "---", "--- a", "...", "%YAML 1.1", "# a", "a #b", "a: b", "a:", ": a", "?", "? a", ",", "[", "{}"),
    *("@a", "`a`", "'", '"', "''", '"a"', "it's", "\\", "\\n", "a\\", "$a", "/v1", "a/b", "a ", " a", "a  b", "a,b"),
    *("0", "-1", "+1", "1_000", "0o7", "07", "0x1f", "0b1", "1e3", "1.0", ".5", "1.", ".inf", "-.inf", ".nan", "1:60"),
    *("2026-11-20", "2026-11-20T10:00:00Z", "12:30:45", "a\nb", "a\nb\n", "a\n\n", "\na", "\n a\n", " a\nb", "a\n b\n"),
    *(
        "a\n\tb",
        "\ta\nb",
        "a \nb ",
        "a\n  ",
        "a\n   \nb",
        "a\n---\nb",
        "a\n...\nb\n",
        "a\r\nb\r\n",
        "a\n# b",
        "a\nb: c\n",
    ),
    *(
        "data: [DONE]\n\n",
        "é",
        "naïve 你好",
        "😀",
        "😀\n😀",
        "\U0010ffff",
        "\ufffe",
        "x" * 200,
        "x y " * 60,
        "\u202eabc",
    ),
)
"""Texts that some YAML reader or writer takes for something else."""

texts = st.sampled_from(NASTY) | st.text(max_size=40)
"""Text of any kind, without lone surrogates, which no file holds."""

surrogate_texts = st.text(st.characters(categories=["Cs", "Lu", "So"]), min_size=1, max_size=8)
"""Text as a client sends it that cuts strings by UTF-16 units: JSON may say it, UTF-8 can't."""

nasty_bytes = st.sampled_from([text.encode() for text in NASTY])
blobs = nasty_bytes | st.binary(max_size=60) | st.text(max_size=40).map(str.encode)
"""Bytes of any kind, often text."""

header_names = st.sampled_from([b"Content-Type", b"x-A", b"X-a", b"on", b"null", b"~", b"1"]) | st.text(
    TOKEN, min_size=1, max_size=12
).map(str.encode)
header_values = st.sampled_from([b"", b"yes", b"a: b", b"# a", b"caf\xe9", b"\x85"]) | st.binary(max_size=20).map(
    lambda value: bytes(byte for byte in value if byte >= 0x20 and byte != 0x7F).strip()
)
headers: st.SearchStrategy[Headers] = st.lists(st.tuples(header_names, header_values), max_size=5).map(tuple)

json_scalars = (
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False) | texts
)
json_values = st.recursive(
    json_scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
"""Any JSON value."""

json_objects = st.dictionaries(texts, json_values, max_size=5)
"""Any JSON object."""

SPELLINGS: Sequence[Mapping[str, Any]] = (
    {"separators": (",", ":"), "ensure_ascii": False},
    {"separators": (",", ":")},
    {"ensure_ascii": False},
    {},
    {"indent": 2, "ensure_ascii": False},
    {"indent": 4},
    {"sort_keys": True},
)
"""Ways in which clients spell JSON, as arguments of `json.dumps`."""

json_bodies = st.builds(
    lambda value, spelling: json.dumps(value, **spelling).encode(),
    json_objects | st.lists(json_values, max_size=3),
    st.sampled_from(SPELLINGS),
)
"""Bodies of JSON as clients spell it."""


@st.composite
def respelled(draw: st.DrawFn, value: Any) -> bytes:
    """JSON text that says the same as `value`, in a spelling of its own."""
    return _respelled(value, draw(st.randoms(use_true_random=False))).encode()


def _respelled(value: Any, dice: Random) -> str:
    def space() -> str:
        return dice.choice(("", "", " ", "\n", "\t\r\n "))

    match value:
        case dict():
            pairs = [(_respelled(key, dice), _respelled(item, dice)) for key, item in value.items()]
            dice.shuffle(pairs)
            inner = ",".join(f"{space()}{key}{space()}:{space()}{item}{space()}" for key, item in pairs)
            return f"{space()}{{{inner}}}{space()}"
        case list():
            return "[" + ",".join(f"{space()}{_respelled(item, dice)}{space()}" for item in value) + "]"
        case str():
            return '"' + "".join(_respelled_character(character, dice) for character in value) + '"'
        case int() if not isinstance(value, bool) and abs(value) < 2**53 and dice.random() < 0.5:
            return dice.choice((f"{value}.0", f"{value}.000", f"{value}e0", f"{value}E+00"))
        case _:
            return json.dumps(value)


def _respelled_character(character: str, dice: Random) -> str:
    if dice.random() < 0.3:
        units = character.encode("utf-16-be")
        return "".join(rf"\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
    if character == "/" and dice.random() < 0.5:
        return r"\/"
    return json.dumps(character, ensure_ascii=False)[1:-1]


@st.composite
def moments(draw: st.DrawFn, count: int) -> list[float]:
    """Offsets in whole microseconds that never decrease, some of them equal."""
    at, found = 0, []
    for gap in draw(st.lists(st.just(0) | st.integers(0, 10**10), min_size=count, max_size=count)):
        at += gap
        found.append(at / 1e6)
    return found


def endings(at: float) -> st.SearchStrategy[Ending]:
    """Every way to end."""
    return st.one_of(
        st.just(Complete(at)),
        st.just(Cut(at)),
        st.just(Reset(at)),
        st.builds(Garbage, st.just(at), blobs),
        st.just(Hang(at)),
        st.builds(Abandoned, st.just(at), texts),
    )


ENDINGS: Sequence[Ending] = (Complete(0.0), Cut(0.0), Reset(0.0), Garbage(0.0, b"ZZ"), Hang(0.0), Abandoned(0.0, "x"))
"""One of each."""


@st.composite
def tapes(draw: st.DrawFn, datas: st.SearchStrategy[bytes] = blobs, *, headless: bool = True) -> Tape:
    """Any tape that an upstream can send: with a head and without, with every framing and ending."""
    if headless and draw(st.integers(0, 5)) == 0:
        return Tape(None, (), draw(endings(draw(moments(1))[0])))
    status = draw(st.sampled_from([200, 204, 404]) | st.integers(100, 999))
    bodiless = status < 200 or status in (204, 304)
    framing = Framing.NONE if bodiless else draw(st.sampled_from(Framing))
    parts = [] if framing is Framing.NONE else draw(st.lists(datas, max_size=6))
    first, *times, last = draw(moments(len(parts) + 2))
    reason = draw(st.sampled_from([b"", b"OK", b"Very Odd", b"caf\xe9", b"null"]))
    head = Head(first, status, draw(headers), reason, framing)
    return Tape(head, tuple(map(Chunk, times, parts)), draw(endings(last)))


requests = st.builds(
    Request,
    st.sampled_from(["POST", "GET", "HEAD", "DELETE", "ON"]),
    st.sampled_from(["/", "/v1/chat/completions", "/v1/a%20b//", "*", "/n/\xe9"]),
    st.sampled_from(["", "a=1&b=%20", "x", "limit=20&after=file-1"]),
    headers,
    blobs | json_bodies,
)
"""Any request."""


@st.composite
def exchanges(draw: st.DrawFn) -> Exchange:
    """Any exchange that a recorder may keep."""
    tape = draw(tapes())
    return Exchange(
        draw(requests),
        tape,
        draw(st.sampled_from(["", "2026-11-20T10:00:00.123Z"])),
        draw(st.sampled_from(["", "gzip", "br"])) if tape.head else "",
        tuple(draw(st.lists(texts, max_size=2))),
        draw(st.sampled_from(Fidelity)),
        draw(st.sampled_from(["", "https://api.example.com", "one=https://host/api/paas/v4"])),
        draw(st.sampled_from(["", "/work/here"])),
        draw(st.sampled_from(Origin)),
        draw(st.none() | st.builds(Citation, texts, st.sampled_from(["recorded", "inferred"]), texts, texts)),
    )


_sse_lines = st.sampled_from(
    [
        "",
        "",
        "data",
        "data:",
        "data: a",
        "data:b",
        "data:  c",
        "event: e",
        "event:",
        "id: 1",
        "id",
        "retry: 9",
        ":",
        ": hi",
    ]
) | st.text(max_size=8)

sse_bodies = st.one_of(
    st.binary(max_size=60),
    st.lists(st.tuples(_sse_lines, st.sampled_from(["\n", "\r", "\r\n", ""])), max_size=12).map(
        lambda lines: "".join(line + end for line, end in lines).encode()
    ),
)
"""Streams of events, sound and broken."""

secrets = st.text(string.ascii_letters + string.digits + "-_", min_size=13, max_size=40).map(lambda text: f"sk-{text}7")
"""API keys."""

_DICE = Random(7)  # noqa: S311 keys of no use must be the same in every process


def _drawn(alphabet: str, length: int) -> str:
    return "".join(_DICE.choice(alphabet) for _ in range(length))


_ALNUM, _HEX = string.ascii_letters + string.digits, "0123456789abcdef"
_URL = _ALNUM + "-_"

KEY_SAMPLES: Mapping[str, str] = {
    "OpenAI": f"sk-{_drawn(_ALNUM, 20)}T3BlbkFJ{_drawn(_ALNUM, 20)}",
    "OpenAI project": f"sk-proj-{_drawn(_URL, 74)}T3BlbkFJ{_drawn(_URL, 73)}a",
    "Anthropic": f"sk-ant-api03-{_drawn(_URL, 93)}AA",
    "DeepSeek": f"sk-{_drawn(_HEX, 32)}",
    "OpenRouter": f"sk-or-v1-{_drawn(_HEX, 64)}",
    "Cerebras": f"csk-{_drawn(string.ascii_lowercase + string.digits, 48)}",
    "Groq": f"gsk_{_drawn(_ALNUM, 52)}",
    "xAI": f"xai-{_drawn(_ALNUM, 80)}",
    "Google": f"AIza{_drawn(_ALNUM, 35)}",
    "Google OAuth": f"ya29.{_drawn(_ALNUM, 80)}",
    "Hugging Face": f"hf_{_drawn(string.ascii_letters, 34)}",
    "Replicate": f"r8_{_drawn(_ALNUM, 37)}",
    "Perplexity": f"pplx-{_drawn(_ALNUM, 48)}",
    "NVIDIA": f"nvapi-{_drawn(_ALNUM, 64)}",
    "Fireworks": f"fw_{_drawn(_ALNUM, 24)}",
    "Together": f"tgp_v1_{_drawn(_ALNUM, 43)}",
    "Zhipu": f"{_drawn(_HEX, 32)}.{_drawn(_ALNUM, 16)}",
    "Qianfan": f"bce-v3/ALTAK-{_drawn(_ALNUM, 21)}/{_drawn(_HEX, 40)}",
    "AWS": f"AKIA{_drawn(string.ascii_uppercase + '234567', 16)}",
    "Bedrock": f"ABSK{_drawn(_ALNUM, 120)}=",
    "Azure": f"{_drawn(_ALNUM, 52)}JQQJ99{_drawn(_ALNUM, 26)}",
    "GitHub": f"ghp_{_drawn(_ALNUM, 36)}",
    "GitLab": f"glpat-{_drawn(_ALNUM, 20)}",
    "Databricks": f"dapi{_drawn(_HEX, 32)}",
    "LangSmith": f"lsv2_pt_{_drawn(_HEX, 32)}_{_drawn(_HEX, 10)}",
    "JSON Web Token": f"eyJ{_drawn(_ALNUM, 33)}.eyJ{_drawn(_ALNUM, 60)}.{_drawn(_ALNUM, 43)}",
}
"""Keys in the form of each issuer, of no use to anybody: their letters are drawn."""

harmless = st.text("abcdef \n{}:,0123456789", max_size=20).map(str.encode)
"""Bytes in which no API key begins."""

_lengths = st.tuples(st.integers(0, 12), st.integers(1, 12)).map(lambda pair: (pair[0], sum(pair)))


def _some(draw: st.DrawFn, keywords: dict[str, Any]) -> dict[str, Any]:
    """Some of these keywords."""
    return {key: value for key, value in keywords.items() if draw(st.booleans())}


@st.composite
def _numbers(draw: st.DrawFn) -> dict[str, Any]:
    """Bounds of all kinds around a number that is in them."""
    step, below, above = draw(st.integers(1, 7)), draw(st.integers(0, 9)), draw(st.integers(0, 9))
    inside = step * draw(st.integers(-9, 9))
    low = "exclusiveMinimum" if below and draw(st.booleans()) else "minimum"
    high = "exclusiveMaximum" if above and draw(st.booleans()) else "maximum"
    kind = draw(st.sampled_from(["integer", "number"]))
    return {"type": kind, **_some(draw, {low: inside - below, high: inside + above, "multipleOf": step})}


@st.composite
def _strings(draw: st.DrawFn) -> dict[str, Any]:
    low, high = draw(_lengths)
    return {"type": "string", **_some(draw, {"minLength": low, "maxLength": high})}


@st.composite
def _composed(draw: st.DrawFn, inner: st.SearchStrategy[dict[str, Any]]) -> dict[str, Any]:
    match draw(st.sampled_from(["array", "object", "object", "anyOf"])):
        case "array":
            least = draw(st.integers(0, 3))
            return {"type": "array", "items": draw(inner), **_some(draw, {"minItems": least, "maxItems": least + 1})}
        case "object":
            properties = draw(st.dictionaries(st.sampled_from(["a", "b", "city"]), inner, max_size=3))
            return {
                "type": "object",
                "properties": properties,
                **_some(draw, {"required": sorted(properties), "additionalProperties": False}),
            }
        case _:
            return {"anyOf": draw(st.lists(inner, min_size=1, max_size=2))}


json_schemas = st.recursive(
    st.one_of(
        _numbers(),
        _strings(),
        st.just({"type": "boolean"}),
        st.just({"type": "null"}),
        st.just({"type": ["null", "string"]}),
        st.lists(json_scalars, min_size=1, max_size=3).map(lambda values: {"enum": values}),
        json_scalars.map(lambda value: {"const": value}),
    ),
    _composed,
    max_leaves=6,
)
"""JSON Schemas that some value fits."""


PATTERNS: Mapping[str, str] = {
    r"^[A-Z]{3}-\d{4}$": "ABC-1234",
    r"^\+?[1-9]\d{1,14}$": "+15550100000",
    r"^[a-z0-9]+(?:-[a-z0-9]+)*$": "a-slug-1",
    r"^#(?:[0-9a-fA-F]{3}){1,2}$": "#336699",
    r"^(?!^[-+.]*$)[+-]?0*\d*\.?\d*$": "-12.50",
    r"^(?=.*[A-Z])(?=.*\d)[A-Za-z\d]{8,}$": "Passw0rd",
    r"^[\w.+-]+@[\w-]+\.[\w.]+$": "a.b+c@example.com",
    r"^(GET|POST|PUT) /\S*$": "GET /v1",
    r"\bcat\b": "a cat sat",
    r"^(\d{4})-(0[1-9]|1[0-2])$": "2026-01",
    r"^[^\s,;]+(,[^\s,;]+){2,}$": "a,b,c",
    r"(foo|ba[rz])+\d?$": "xfoobar7",
    r"^\u0041[\x42-\x44]\/\.$": "AC/.",
    r"^.{3,7}$": "any old"[:7],
    r"^(?!admin|root).*s$": "users",
}
"""Patterns as schemas have them, each with a text that it matches."""

FORMATTED: Mapping[str, str] = {
    "date-time": "2026-11-20T10:00:00.5+01:00",
    "date": "2026-11-20",
    "time": "10:00:00Z",
    "duration": "P3DT4H",
    "email": "a.b@example.com",
    "hostname": "www.example.com",
    "ipv4": "127.0.0.1",
    "ipv6": "fe80::1",
    "uuid": "6ba7b810-9dad-41d1-80b4-00c04fd430c8",
}
"""The formats that strict schemas may name, each with a text of it."""


@st.composite
def _strict_texts(draw: st.DrawFn) -> dict[str, Any]:
    """Texts of a pattern or a format, sometimes of a length, which a known text has."""
    word, known = draw(st.sampled_from([("pattern", PATTERNS), ("format", FORMATTED)]))
    said, text = draw(st.sampled_from(sorted(known.items())))
    low, high = draw(st.tuples(st.integers(0, len(text)), st.integers(0, 20)))
    return {"type": "string", word: said, **_some(draw, {"minLength": low, "maxLength": len(text) + high})}


_strict_scalars = st.one_of(
    _numbers(),
    _strings(),
    _strict_texts(),
    st.sampled_from([{"type": "number", "multipleOf": 0.01, "minimum": 0.07}, {"type": "number", "maximum": -2.5}]),
    st.sampled_from(
        [{"type": "boolean"}, {"type": "null"}, {"type": ["integer", "null"]}, {"type": ["string", "null"]}]
    ),
    st.lists(st.text("abc ", max_size=3) | st.integers(-3, 3), min_size=1, max_size=3).map(lambda all_: {"enum": all_}),
    st.sampled_from(["a", 1, None, True]).map(lambda value: {"const": value}),
)


@st.composite
def _strict_objects(draw: st.DrawFn, inner: st.SearchStrategy[dict[str, Any]]) -> dict[str, Any]:
    properties = draw(st.dictionaries(st.sampled_from(["a", "b", "city", "a b", "x/y", "é"]), inner, max_size=3))
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


@st.composite
def _strict_arrays(draw: st.DrawFn, inner: st.SearchStrategy[dict[str, Any]]) -> dict[str, Any]:
    least = draw(st.integers(0, 3))
    return {"type": "array", "items": draw(inner), **_some(draw, {"minItems": least, "maxItems": least + 1})}


def _strict_parts(leaves: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.recursive(
        leaves,
        lambda inner: (
            _strict_objects(inner)
            | _strict_arrays(inner)
            | st.lists(inner, min_size=1, max_size=3).map(lambda options: {"anyOf": options})
        ),
        max_leaves=5,
    )


@st.composite
def strict_schemas(draw: st.DrawFn) -> dict[str, Any]:
    """Schemas of the subset that strict outputs take, recursion and all; some value fits each of them.

    A definition may need those after it. One that may come back to itself stands where it need not be, inside an
    object or an array: a schema that is its own option says nothing.
    """
    names = ["one", "two~2", "th/ree"][: draw(st.integers(0, 3))]
    pointers = [f"#/$defs/{name.replace('~', '~0').replace('/', '~1')}" for name in names]

    def leaves(later: Sequence[str]) -> st.SearchStrategy[dict[str, Any]]:
        anywhere = [{"$ref": pointer} for pointer in ("#", *pointers)]
        may_end = [
            *({"anyOf": [there, {"type": "null"}]} for there in anywhere),
            *({"type": "array", "items": there} for there in anywhere),
        ]
        needed = [{"$ref": pointer} for pointer in later]
        return _strict_scalars | st.sampled_from([*may_end, *needed])

    parts = {}
    for at, name in enumerate(names):
        inner = _strict_parts(leaves(pointers[at + 1 :]))
        parts[name] = draw(_strict_objects(inner) | _strict_arrays(inner) | _strict_scalars)
    root = draw(_strict_objects(_strict_parts(leaves(pointers))))
    return {**root, **({"$defs": parts} if parts else {})}
