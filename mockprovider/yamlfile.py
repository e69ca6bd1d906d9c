"""YAML files in and out: the one home of PyYAML, for cassettes and profiles alike.

Reading is always safe and always by the C loader. A file that can't be used is refused with its name, the line, the
key, and the closest key that would have worked. Writing is our own small emitter, because what people read here is
text that others sent: libyaml's escapes every emoji and folds what does not fit, and would turn a readable block into
one long quoted line. Law: loading what `emit` wrote gives the same value, of the same types.
"""

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as of
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from mockprovider.errors import InputError, did_you_mean

Form = TypeVar("Form", bound=msgspec.Struct)

_PLAIN = re.compile(r"[A-Za-z/$][A-Za-z0-9_./$ -]*(?<! )\Z")
_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
_NEEDS_ROOM = re.compile(r'["\\\n]')
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNPRINTABLE = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


_DEEPEST = 64
_HEAVIEST = 2_000_000
_TAG = "tag:yaml.org,2002:"
_BASE_60 = re.compile(r"[-+]?[0-9][0-9_]*:")
"""Numbers in base 60, which nobody means; PyYAML reads them in quadratic time."""
_SCALAR_TAGS = {_TAG + kind for kind in ("str", "int", "float", "bool", "null", "binary")}


def load(text: str | bytes, name: str, error: type[InputError] = InputError, *, foreign: bool = False) -> list[Any]:
    """All documents of a YAML text. `name` is what an error calls it, usually the file's path.

    A `foreign` text is another tool's: aliases are taken as long as they don't unfold beyond reason, and tags that are
    not YAML's own are passed over (`!binary` is read as Ruby means it).
    """
    try:
        return _built(yaml.parse(text, yaml.CSafeLoader), foreign=foreign)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        place = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        raise error(f"{place}: not valid YAML: {problem.problem or problem.context}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        first = str(problem).splitlines()[0]
        raise error(f"{name}: not readable as YAML: {first}; a YAML file is UTF-8 text") from None


@dataclass(slots=True)
class _Open:
    """A mapping or sequence that has not ended: its keys that wait for a value, and how many nodes it unfolds to."""

    container: Any
    anchor: str | None
    keys: list[Any] = of(default_factory=list)
    weight: int = 1


def _built(events: Iterable[Any], *, foreign: bool) -> list[Any]:
    """Plain values out of the C parser's events.

    PyYAML's own C composer runs out of stack, and takes the process with it, where a text nests deeply; it lets a few
    lines of aliases unfold to gigabytes; and of two equal keys it keeps the last. All three are errors here.
    """
    documents: list[Any] = []
    open_: list[_Open] = []
    anchors = dict[str, tuple[Any, int]]()
    for event in events:
        kind, weight = type(event), 1
        if kind is yaml.ScalarEvent:
            value = _scalar_value(event, foreign=foreign)
            if event.anchor:
                anchors[event.anchor] = value, 1
        elif kind in (yaml.MappingStartEvent, yaml.SequenceStartEvent):
            if len(open_) == _DEEPEST:
                raise _refused(event, f"nested more than {_DEEPEST} deep")
            if not foreign and event.tag not in (None, "!", _TAG + "map", _TAG + "seq"):
                raise _refused(event, f"the tag {event.tag} is not taken here")
            open_.append(_Open({} if kind is yaml.MappingStartEvent else [], event.anchor))
            continue
        elif kind in (yaml.MappingEndEvent, yaml.SequenceEndEvent):
            closed = open_.pop()
            value, weight = closed.container, closed.weight
            if closed.anchor:
                anchors[closed.anchor] = value, weight
        elif kind is yaml.AliasEvent:
            if not foreign:
                raise _refused(event, "aliases are not taken here; write the value out")
            if event.anchor not in anchors:
                raise _refused(event, f"the alias {event.anchor} stands for nothing before it")
            value, weight = anchors[event.anchor]
        elif kind is yaml.DocumentStartEvent:
            anchors.clear()
            continue
        else:
            continue
        _put(value, weight, open_, documents, event)
    return documents


def _put(value: Any, weight: int, open_: list[_Open], documents: list[Any], event: Any) -> None:
    """Add a finished value to what it stands in."""
    if not open_:
        documents.append(value)
        return
    around = open_[-1]
    around.weight += weight
    if around.weight > _HEAVIEST:
        raise _refused(event, f"unfolds to more than {_HEAVIEST:,} values")
    if isinstance(around.container, list):
        around.container.append(value)
    elif around.keys:
        around.container[around.keys.pop()] = value
    elif isinstance(value, dict | list):
        raise _refused(event, "a key must be a scalar")
    elif value in around.container:
        raise _refused(event, f"the key {value!r} stands twice")
    else:
        around.keys.append(value)


def _scalar_value(event: yaml.ScalarEvent, *, foreign: bool) -> Any:
    if event.tag in (None, "!"):
        return _plain_value(event.value) if event.implicit[0] else event.value
    if event.tag in _SCALAR_TAGS:
        return _constructed(event.tag, event.value)
    if not foreign:
        raise _refused(event, f"the tag {event.tag} is not taken here")
    return _constructed(_TAG + "binary", event.value) if event.tag == "!binary" else event.value


@lru_cache(maxsize=4096)
def _plain_value(text: str) -> Any:
    """What an unquoted scalar means: YAML 1.1, but dates, `1:30`, merge keys, `on`, `off`, `yes` and `no` are text."""
    tag = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    if (tag == _TAG + "bool" and text.lower() not in ("true", "false")) or _BASE_60.match(text):
        return text
    return _constructed(tag, text) if tag in _SCALAR_TAGS else text


def _constructed(tag: str, text: str) -> Any:
    if tag in (_TAG + "int", _TAG + "float") and _BASE_60.match(text):
        raise yaml.YAMLError(f"{text[:40]!r}: numbers are written in base 10")
    try:
        if tag == _TAG + "binary":
            return base64.b64decode("".join(text.split()), validate=True)
        return yaml.constructor.SafeConstructor().construct_object(yaml.ScalarNode(tag, text))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError) as problem:
        raise yaml.YAMLError(f"{text[:40]!r} is no {tag.removeprefix(_TAG)}: {problem}") from None


def _refused(event: Any, why: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=why, problem_mark=event.start_mark)


_RESOLVER = yaml.resolver.Resolver()


def read(path: Path, error: type[InputError] = InputError) -> bytes:
    """The bytes of a file, or an error that says in one line why there are none."""
    try:
        if not path.is_file() and path.exists():
            raise error(f"{path}: {'a folder' if path.is_dir() else 'a device or a pipe'}; a file belongs here")
        return path.read_bytes()
    except OSError as problem:
        raise error(f"{path}: {(problem.strerror or str(problem)).lower()}") from None


def validated(form: type[Form], data: Any, text: str | bytes, name: str, error: type[InputError]) -> Form:
    """`data`, the first document of `text`, as a struct; what is wrong with it is refused with its line and key."""
    try:
        return msgspec.convert(data, form, builtin_types=(bytes,))
    except msgspec.ValidationError as problem:
        message, path = _explained(form, data, problem)
        line = line_of(text, path)
        raise error(f"{name}:{line}: {'.'.join(map(str, path)) or '(top)'}: {message}") from None


_AT = re.compile(r"(.*?)(?: - at `\$(.*)`)?\Z", re.DOTALL)
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")
_FIELD = re.compile(r"Object (?:contains unknown|missing required) field `(.*)`")


def _explained(form: type[msgspec.Struct], data: Any, problem: msgspec.ValidationError) -> tuple[str, list[str | int]]:
    """What is wrong, and the path to it. msgspec's paths lack the keys of mappings; they are found again."""
    found = _AT.match(str(problem))
    message, steps = (found[1], _STEP.findall(found[2] or "")) if found else (str(problem), [])
    path: list[str | int] = []
    here = data
    for field, index in steps:
        step: Any = field or (int(index) if index != "..." else _culprit(form, data, path, here, message))
        path.append(step)
        here = here[step] if isinstance(here, list) or (isinstance(here, dict) and step in here) else None
    if wrong := re.match(r"Invalid enum value '(.*)'", message):
        return f"{wrong[1]!r} is none of its values{did_you_mean(wrong[1], _known_at(form, path))}", path
    if (named := _FIELD.match(message)) is None:
        return message[:1].lower() + message[1:], path
    if message.startswith("Object missing"):
        return f"the key {named[1]!r} is required", path
    hint = did_you_mean(named[1], _known_at(form, path))
    return f"unknown key {named[1]!r}{hint}", [*path, named[1]]


def _culprit(form: type[msgspec.Struct], data: Any, path: list[str | int], here: Any, message: str) -> str:
    """The key of the mapping `here`, at `path`, whose value brings about the message: alone, it still does."""
    for key, value in here.items():
        alone: Any = {key: value}
        for depth in range(len(path), 0, -1):
            around: Any = data
            for step in path[: depth - 1]:
                around = around[step]
            alone = {**around, path[depth - 1]: alone} if isinstance(around, dict) else alone
        try:
            msgspec.convert(alone, form, builtin_types=(bytes,))
        except msgspec.ValidationError as problem:
            if str(problem).startswith(message):
                return str(key)
    return "..."


def line_of(text: str | bytes, path: Sequence[str | int], *, document: int = 0) -> int:
    """The line, from 1, on which the deepest part of `path` into a document that exists begins."""
    node = next(islice(yaml.compose_all(text, yaml.CSafeLoader), document, None), None)
    line = node.start_mark.line if node else 0
    for part in path:
        child = None
        if isinstance(node, yaml.MappingNode):
            child = next(((k, v) for k, v in node.value if k.value == str(part)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            child = (node.value[part], node.value[part])
        if child is None:
            break
        line, node = child[0].start_mark.line, child[1]
    return int(line) + 1


def _known_at(form: type[msgspec.Struct], path: Sequence[str | int]) -> list[str]:
    """What a struct takes at a path into it: the keys of a mapping, or the values of an enumeration."""
    kind: Any = msgspec.inspect.type_info(form)
    for part in [*path, None]:
        while isinstance(kind, msgspec.inspect.UnionType):
            kind = next(t for t in kind.types if not isinstance(t, msgspec.inspect.NoneType))
        if part is None:
            break
        if isinstance(kind, msgspec.inspect.StructType):
            kind = next((f.type for f in kind.fields if f.encode_name == part), None)
        else:
            kind = getattr(kind, "value_type", None) or getattr(kind, "item_type", None)
    if isinstance(kind, msgspec.inspect.StructType):
        return [field.encode_name for field in kind.fields]
    if isinstance(kind, msgspec.inspect.EnumType):
        return [str(value) for value in kind.cls]
    return [str(value) for value in getattr(kind, "values", ())]


def emit(value: Any, indent: int = 0) -> str:
    """A mapping or list as YAML block text that ends in a newline; a tuple stands on one line.

    Raises ValueError where YAML has no such text: a key of over 1,024 characters, half a character (a lone surrogate),
    nesting deeper than is read.
    """
    if not value:
        return "{}\n" if isinstance(value, Mapping) else "[]\n"
    if indent > 2 * _DEEPEST:
        raise ValueError(f"nested more than {_DEEPEST} deep")
    return "".join(_block(value, indent))


def _block(value: Any, indent: int) -> Iterator[str]:
    pad = " " * indent
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield f"{pad}{_key(key)}:{_nested(item, indent)}"
    else:
        for item in value:
            if item and isinstance(item, Mapping):
                yield f"{pad}- " + emit(item, indent + 2)[indent + 2 :]
            else:
                yield f"{pad}-{_nested(item, indent)}"


def _nested(value: Any, indent: int) -> str:
    if isinstance(value, tuple):
        return f" [{', '.join(_scalar(item, indent, block=False) for item in value)}]\n"
    if value and isinstance(value, Mapping | list):
        return "\n" + emit(value, indent + 2)
    if isinstance(value, Mapping | list):
        return " {}\n" if isinstance(value, Mapping) else " []\n"
    return f" {_scalar(value, indent)}\n"


def _key(key: Any) -> str:
    text = _scalar(key, 0, block=False)
    if len(text) > 1000:
        raise ValueError("YAML can't hold a key of more than 1,024 characters")
    return text


def _scalar(value: Any, indent: int, *, block: bool = True) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return _float(value)
        case bytes():
            return f'!!binary "{base64.b64encode(value).decode()}"'
        case str():
            return _string(value, indent, block=block)
    raise TypeError(f"no YAML for {type(value).__name__}")


def _float(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        return {"nan": ".nan", "inf": ".inf", "-inf": "-.inf"}[repr(value)]
    fixed = f"{value:.6f}".rstrip("0")
    if float(fixed) == value:
        return fixed + "0" if fixed.endswith(".") else fixed
    mantissa, e, exponent = repr(value).partition("e")
    return (mantissa if "." in mantissa else mantissa + ".0") + e + exponent


def _string(text: str, indent: int, *, block: bool) -> str:
    if _SURROGATE.search(text):
        raise ValueError("a lone surrogate is no character")
    if block and _NEEDS_ROOM.search(text) and text.strip("\n") and not _UNPRINTABLE.search(text):
        return _literal(text, indent)
    if _PLAIN.match(text) and text.lower() not in _WORDS and not text.startswith("---"):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(_escape, quoted)


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _literal(text: str, indent: int) -> str:
    """A literal block: the text itself, indented, so that a person reads and edits what was sent."""
    body = text.rstrip("\n")
    ends = len(text) - len(body)
    chomp = "-" if ends == 0 else "" if ends == 1 else "+"
    guide = "2" if body[0] in " \n\t" else ""
    pad = " " * (indent + 2)
    lines = [pad + line if line else "" for line in body.split("\n")]
    return f"|{guide}{chomp}\n" + "\n".join(lines) + "\n" * max(ends - 1, 0)
