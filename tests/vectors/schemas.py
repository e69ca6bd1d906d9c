"""JSON Schemas as clients send them, and worse ones. Some value fits each of those in `FITTED`; none must stall."""

from collections.abc import Callable
from typing import Any

Schema = dict[str, Any]

DRAFT7 = "http://json-schema.org/draft-07/schema#"
TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
NULL: Schema = {"type": "null"}


def strict(**properties: Any) -> Schema:
    """An object as strict outputs want it: every property required, no other allowed."""
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


def text(**words: Any) -> Schema:
    return {"type": "string", **words}


def array(items: Any, **words: Any) -> Schema:
    return {"type": "array", "items": items, **words}


def ref(pointer: str) -> Schema:
    return {"$ref": pointer}


def optional(schema: Schema) -> Schema:
    return {"anyOf": [schema, NULL]}


NODE = strict(name=TEXT, next=optional(ref("#")))
A: Schema = {"type": "object", "properties": {"a": WHOLE}, "required": ["a"]}
B: Schema = {"type": "object", "properties": {"b": WHOLE}, "required": ["b"]}
CAT = strict(kind={"type": "string", "const": "cat"}, lives={"type": "integer", "minimum": 1, "maximum": 9})
DOG = strict(kind={"type": "string", "const": "dog"}, good={"type": "boolean"})

PLAIN: dict[str, Any] = {
    "anything": {},
    "anything at all": True,
    "definitions": {"$ref": "#/$defs/a", "$defs": {"a": array(ref("#/$defs/b")), "b": {"enum": [3]}}},
    "definitions in definitions": {
        "properties": {"x": ref("#/definitions/a")},
        "definitions": {"a": A},
        "required": ["x"],
    },
    "one of several": {"oneOf": [WHOLE, TEXT]},
    "all of one": {"allOf": [A]},
    "all of several": {"allOf": [A, B]},
    "a required key without a schema": {"type": "object", "required": ["x"]},
    "several types": {"type": ["integer", "null"]},
    "no list at all": {"type": "array", "maxItems": 0},
    "a long list": array(WHOLE, minItems=100),
    "no text at all": text(maxLength=0),
    "above": {"type": "integer", "exclusiveMinimum": 5},
    "below": {"type": "number", "exclusiveMaximum": -5},
    "between": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    "a whole number above a fraction": {"type": "integer", "minimum": 1.5},
    "a multiple": {"type": "integer", "multipleOf": 5, "minimum": 1},
    "a multiple of a hundredth": {"type": "number", "multipleOf": 0.01, "minimum": 0.07, "maximum": 0.4},
    "a multiple of two": {"type": "integer", "allOf": [{"multipleOf": 4}, {"multipleOf": 6}], "minimum": 13},
    "a number next to a large one": {"type": "number", "exclusiveMinimum": 1e17, "maximum": 2e17},
    "a whole number too long for a float": {"type": "integer", "minimum": 10**400, "multipleOf": 7},
    "a pair": {"type": "array", "prefixItems": [WHOLE, TEXT], "minItems": 2, "maxItems": 2},
    "different numbers": array(WHOLE, minItems=3, uniqueItems=True),
    "different words": array(TEXT, minItems=3, uniqueItems=True),
    "different choices": array({"enum": ["a", "b", "c"]}, minItems=3, uniqueItems=True),
    "different fractions": array({"type": "number", "minimum": 0, "maximum": 1}, minItems=5, uniqueItems=True),
    "different texts of a pattern": array(text(pattern="^[a-c]{2}$"), minItems=9, uniqueItems=True),
    "different days": array(text(format="date"), minItems=40, uniqueItems=True),
    "different objects": array(strict(a={"type": "boolean"}, b={"enum": [1, 2]}), minItems=4, uniqueItems=True),
    "different lists": array(array(WHOLE, maxItems=1), minItems=3, uniqueItems=True),
}
"""One or two words each."""

STRICT: dict[str, Any] = {
    "a linked list": NODE,
    "steps to a solution": strict(steps=array(strict(explanation=TEXT, output=TEXT)), final_answer=TEXT),
    "parts of a page in one another": strict(
        type={"type": "string", "enum": ["div", "button", "header"]},
        label=TEXT,
        children=array(ref("#")),
        attributes=array(strict(name=TEXT, value=TEXT)),
    ),
    "a person or a place": strict(
        item={
            "anyOf": [
                strict(name=TEXT, age={"type": "number", "minimum": 0}, mail=text(format="email")),
                strict(street=TEXT, number=text(pattern=r"^\d+[a-z]?$"), city=TEXT),
            ]
        }
    ),
    "steps from the definitions": {
        **strict(steps=array(ref("#/$defs/step"), minItems=2, maxItems=5), answer=TEXT),
        "$defs": {"step": strict(explanation=TEXT, done={"type": ["boolean", "null"]})},
    },
    "two that need each other": {
        **strict(author=ref("#/$defs/author")),
        "$defs": {
            "author": strict(name=TEXT, books=array(ref("#/$defs/book"))),
            "book": strict(title=TEXT, by=optional(ref("#/$defs/author"))),
        },
    },
    "a formula": {
        **strict(term=ref("#/$defs/term")),
        "$defs": {
            "term": {"anyOf": [ref("#/$defs/sum"), {"type": "number"}]},
            "sum": strict(left=ref("#/$defs/term"), right=ref("#/$defs/term")),
        },
    },
    "a nest that ends in its last option": strict(inner={"anyOf": [ref("#"), ref("#"), strict(end={"const": 1})]}),
    "a tree whose root is a reference": {
        "$ref": "#/$defs/tree",
        "$defs": {"tree": strict(leaf=optional(WHOLE), kids=array(ref("#/$defs/tree"), maxItems=2))},
    },
    "every format": strict(
        **{
            name: text(format=name)
            for name in ("date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid")
        }
    ),
    "bounds of all kinds": strict(
        a={"type": "integer", "minimum": -5, "maximum": -5},
        b={"type": "number", "exclusiveMinimum": 0.1, "exclusiveMaximum": 0.4, "multipleOf": 0.25},
        c=array(text(maxLength=1), minItems=3, maxItems=3),
        d={"type": ["number", "null"], "exclusiveMaximum": 0},
        e={"enum": [None, 0, "", False, {"a": []}]},
    ),
}
"""In the subset that strict outputs take; after the kinds that OpenAI's guide shows."""

GENERATED: dict[str, Any] = {
    "told apart by a word": strict(
        pet={"oneOf": [CAT, DOG], "discriminator": {"propertyName": "kind"}},
        others=array({"anyOf": [CAT, DOG, NULL]}, minItems=1),
    ),
    "a decimal as text": strict(amount=text(pattern=r"^(?!^[-+.]*$)[+-]?0*\d*\.?\d*$")),
    "a number or a decimal": {
        "anyOf": [{"type": "number", "exclusiveMinimum": 0}, text(pattern=r"^-?\d{1,6}(\.\d+)?$")]
    },
    "a default of null": {"properties": {"x": {**optional(WHOLE), "default": None}, "y": {**TEXT, "default": "so"}}},
    "a map": {"type": "object", "additionalProperties": WHOLE},
    "a map with names of a kind": {
        "type": "object",
        "propertyNames": {"pattern": "^x-[a-z]+$"},
        "additionalProperties": array({"type": "boolean"}),
        "minProperties": 2,
    },
    "a map of all choices": {
        "type": "object",
        "propertyNames": {"type": "string", "enum": ["a", "b"]},
        "additionalProperties": {"type": "boolean"},
        "required": ["a", "b"],
    },
    "a set": array(TEXT, uniqueItems=True, minItems=2),
    "a tuple with a rest": {"type": "array", "prefixItems": [{"type": "boolean"}], "items": WHOLE, "minItems": 3},
    "a tuple without a rest": {"type": "array", "prefixItems": [TEXT, WHOLE], "items": False, "minItems": 2},
    "safe integers": {"type": "integer", "minimum": -9007199254740991, "maximum": 9007199254740991},
    "an empty list of nothing": {"maxItems": 0, "type": "array", "items": {"not": {}}},
    "literals of several types": {"enum": ["x", 2, None]},
    "a template of text": text(pattern=r"^v-?\d+\.(a|b)$"),
    "a format and a pattern for it": text(format="ipv4", pattern=r"^(?:\d{1,3}\.){3}\d{1,3}$"),
    "two patterns": text(maxLength=10, allOf=[{"pattern": r".*\.pdf$"}, {"pattern": "x"}]),
    "an intersection": {"allOf": [{**A, "properties": {**A["properties"], "b": WHOLE}}, B]},
}
"""In the manner of Pydantic and Zod."""

TOOLS: dict[str, Any] = {
    "draft 7 with everything optional": {
        "$schema": DRAFT7,
        "type": "object",
        "properties": {"query": text(description="What to look for"), "limit": {"type": "integer", "default": 10}},
        "additionalProperties": False,
    },
    "a tuple of draft 7": {
        "$schema": DRAFT7,
        "type": "array",
        "items": [TEXT, WHOLE],
        "additionalItems": False,
        "minItems": 2,
    },
    "dependencies of draft 7": {
        "$schema": DRAFT7,
        "type": "object",
        "properties": {"card": TEXT, "address": TEXT},
        "required": ["card"],
        "dependencies": {
            "card": ["address"],
            "address": {"properties": {"zip": text(minLength=4)}, "required": ["zip"]},
        },
    },
    "draft 4": {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "type": "number",
        "minimum": 0,
        "exclusiveMinimum": True,
    },
    "either of two keys": {
        "type": "object",
        "properties": {"id": WHOLE, "name": TEXT},
        "oneOf": [{"required": ["id"]}, {"required": ["name"]}],
    },
    "any of two keys": {
        "type": "object",
        "properties": {"id": WHOLE},
        "anyOf": [{"required": ["id"]}, {"required": ["x"]}],
    },
    "a key that another one needs": {
        "type": "object",
        "properties": {"from": text(format="date"), "to": text(format="date")},
        "dependentRequired": {"from": ["to"]},
        "required": ["from"],
    },
    "arguments by command": {
        "type": "object",
        "properties": {"command": {"enum": ["view", "create", "undo"]}, "path": TEXT},
        "required": ["command"],
        "allOf": [
            {
                "if": {"properties": {"command": {"const": command}}, "required": ["command"]},
                "then": {"required": ["command", *more]},
            }
            for command, more in {"create": ["path", "text"], "view": ["path"], "undo": []}.items()
        ],
    },
    "no arguments": {"type": "object", "properties": {}},
    "a reference into another property": {
        "type": "object",
        "properties": {
            "first": {"type": "object", "properties": {"x": text(maxLength=2)}},
            "second": ref("#/properties/first"),
        },
        "required": ["first", "second"],
    },
}
"""As tools describe their arguments."""

HARD: dict[str, Any] = {
    "pointers into lists": {"allOf": [ref("#/anyOf/1")], "anyOf": [TEXT, {"type": "integer", "minimum": 3}]},
    "pointers with escapes": {
        "type": "object",
        "required": ["a", "b", "c"],
        "properties": {"a": ref("#/$defs/per%25cent"), "b": ref("#/$defs/sl~1ash"), "c": ref("#/$defs/til~0de%22")},
        "$defs": {"per%cent": {"const": 1}, "sl/ash": {"const": 2}, 'til~de"': {"const": 3}},
    },
    "an anchor": {"$ref": "#here", "$defs": {"x": {"$anchor": "here", "type": "boolean"}}},
    "names with bases": {
        "$id": "https://example.com/root",
        "$ref": "part",
        "$defs": {"p": {"$id": "part", "$ref": "#/$defs/q", "$defs": {"q": {"const": 7}}}},
    },
    "a reference with more beside it": {
        "$ref": "#/$defs/n",
        "maximum": 3,
        "$defs": {"n": {"type": "integer", "minimum": 2}},
    },
    "a tree whose nodes are told later": {
        "$id": "https://example.com/strict",
        "$dynamicAnchor": "node",
        "$ref": "tree",
        "unevaluatedProperties": False,
        "$defs": {
            "tree": {
                "$id": "tree",
                "$dynamicAnchor": "node",
                "type": "object",
                "properties": {"data": True, "kids": array({"$dynamicRef": "#node"})},
                "required": ["kids"],
            }
        },
    },
    "bounds from both sides": {"allOf": [{"minimum": 3}, {"maximum": 4}, {"type": "integer"}, {"exclusiveMinimum": 3}]},
    "choices of both": {"allOf": [{"enum": [1, 2, 3]}, {"enum": [3, 4, 2]}, {"not": {"const": 2}}]},
    "types of both": {"allOf": [{"type": ["string", "number"]}, {"type": ["integer", "null"]}]},
    "exactly one": {"oneOf": [{"multipleOf": 3}, {"multipleOf": 5}], "type": "integer", "minimum": 15},
    "exactly one object": {"oneOf": [A, B], "type": "object"},
    "exactly one of overlapping texts": {"oneOf": [text(minLength=2), text(maxLength=4)]},
    "not text": {"not": TEXT},
    "not a whole number": {"type": "number", "not": WHOLE, "minimum": 3, "maximum": 3.5},
    "not that key": {"type": "object", "properties": {"a": WHOLE}, "not": {"required": ["a"]}},
    "not that pattern": text(pattern="^[ab]{2}$", allOf=[{"not": {"pattern": "a"}}]),
    "not either": {"not": {"anyOf": [{"type": "object"}, {"type": "string"}, {"type": "number", "maximum": 10}]}},
    "not not": {"not": {"not": {"enum": ["so"]}}},
    "if so": {"type": "integer", "if": {"minimum": 5}, "then": {"multipleOf": 7}, "else": {"const": 4}},
    "otherwise": {"if": {"type": "string"}, "then": False, "else": {"type": "object", "required": ["x"]}},
    "schemas that keys bring": {
        "type": "object",
        "required": ["a"],
        "dependentSchemas": {"a": {"required": ["b"], "properties": {"b": {"const": 1}}}, "b": {"minProperties": 4}},
    },
    "patterns for keys": {
        "type": "object",
        "patternProperties": {"^n_": WHOLE, "_t$": TEXT},
        "additionalProperties": False,
        "minProperties": 3,
        "required": ["n_1"],
    },
    "other keys": {
        "type": "object",
        "properties": {"a": WHOLE},
        "additionalProperties": {"type": "null"},
        "minProperties": 3,
    },
    "few keys": {"type": "object", "properties": {"a": WHOLE, "b": WHOLE, "c": WHOLE}, "maxProperties": 1},
    "something among others": array(WHOLE, contains={"minimum": 5}, minContains=2, maxContains=2, minItems=4),
    "something at a later place": {"type": "array", "prefixItems": [TEXT, TEXT], "contains": {"const": 5}},
    "nothing that was not told": {"allOf": [A, {"properties": {"c": True}}], "unevaluatedProperties": False},
    "no item that was not told": {
        "type": "array",
        "prefixItems": [WHOLE],
        "anyOf": [{"prefixItems": [True, TEXT], "minItems": 2}, {"minItems": 3}],
        "unevaluatedItems": False,
    },
    "a long e-mail address": text(format="email", minLength=90),
    "a long host": text(format="hostname", minLength=120, maxLength=130),
    "a short address": text(format="uri", maxLength=8),
    "a moment with fractions": text(format="date-time", pattern=r"\.\d{6}Z$"),
    "a day in May": text(format="date", pattern="-05-"),
    "a password": text(pattern=r"^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^\w\s]).{12,}$"),
    "a word that may not begin so": text(pattern="^(?!admin|root)[a-z]+(?<!x)$", minLength=7),
    "a quoted word": text(pattern=r"""^(["'])\w+\1$"""),
    "letters of other scripts": text(pattern="^[а-я]{3}[\u4e00-\u9fff]+$"),
    "anything but ASCII": text(pattern="^[^\\x00-\\x7F]+$"),
    "a long text of a pattern": text(pattern="^[a-z ]+$", minLength=5000),
    "a pattern that makes engines stall": text(pattern="^(([a-z])+.)+[A-Z]([a-z])+$", minLength=40),
    "examples": {**text(pattern="^(.{3}-){5}$"), "examples": ["no", "abc-def-ghi-jkl-mno-"]},
    "a name of every kind": {
        "type": "object",
        "required": ["", "a/b", "~", "é", "$ref", "type"],
        "properties": {"$ref": WHOLE, "type": {"type": "array", "minItems": 1}},
    },
    "a hundred tools to choose from": {
        "oneOf": [
            strict(tool={"const": f"t{number}"}, at={"type": "integer", "minimum": number}) for number in range(100)
        ]
    },
}
"""The other words of JSON Schema, one or two of them each."""

FITTED: dict[str, Any] = {**PLAIN, **STRICT, **GENERATED, **TOOLS, **HARD}
"""Schemas that some value fits."""


def _nested(times: int, around: Callable[[Any], Any], inner: Any) -> Any:
    for _ in range(times):
        inner = around(inner)
    return inner


HOSTILE: dict[str, Any] = {
    "a pattern with many repetitions": text(pattern="^(.{1,1000}){1,1000}$", minLength=900),
    "a pattern that looks ahead again and again": text(pattern="^((?=(.*a){3})(?!(.*b){4}).)*$", minLength=20),
    "a pattern that looks ahead for much": text(pattern="(?=.*a{500})(?=.*b{500})(?=.*c{500})"),
    "a pattern of nested groups": text(pattern="^" + "(" * 50 + "a" + ")*" * 50 + "$", minLength=5),
    "a pattern of open groups": text(pattern="(" * 5000),
    "a pattern of references": text(pattern="(a)" + "".join(rf"(\{n}\{n})" for n in range(1, 10)) + "$", minLength=5),
    "a long text for a pattern": {"enum": ["a" * 5000 + "!"], "pattern": "^(a|aa)+$"},
    "objects in objects": _nested(400, lambda inner: strict(a=inner), TEXT),
    "arrays in arrays": _nested(400, lambda inner: array(inner, minItems=2), TEXT),
    "options in options": _nested(200, optional, TEXT),
    "opposites of opposites": _nested(201, lambda inner: {"not": inner}, TEXT),
    "four of four of four": {
        "$ref": "#/$defs/n0",
        "$defs": {
            **{f"n{n}": strict(**dict.fromkeys("abcd", ref(f"#/$defs/n{n + 1}"))) for n in range(30)},
            "n30": TEXT,
        },
    },
    "ten different of ten different": {
        "$ref": "#/$defs/n0",
        "$defs": {
            **{f"n{n}": array(ref(f"#/$defs/n{n + 1}"), minItems=10, uniqueItems=True) for n in range(30)},
            "n30": TEXT,
        },
    },
    "no end": strict(**dict.fromkeys("abcdefgh", ref("#"))),
    "no end of arrays": array(ref("#"), minItems=5),
    "its own option": {"anyOf": [ref("#"), ref("#")]},
    "no way through many choices": {
        "type": "object",
        "properties": {"x": False},
        "allOf": [{"anyOf": [{"required": [f"x{n}", "x"]}, {"required": [f"y{n}", "x"]}]} for n in range(40)],
    },
    "a million items": array(strict(a=TEXT), minItems=10**6),
    "a thousand million characters": text(minLength=10**9),
    "five thousand keys": {"type": "object", "minProperties": 5000},
    "more truth values than there are": array({"type": "boolean"}, minItems=3, uniqueItems=True),
    "more lists than there are": array(array(text(maxLength=0), maxItems=1), minItems=3, uniqueItems=True),
    "a nest that does not end, though it looks so": strict(
        inner={"anyOf": [ref("#"), ref("#"), {**strict(end=TEXT), "required": ["other"]}]}
    ),
    "no number": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 5e-324},
    "numbers that JSON has not": {"type": "number", "minimum": float("nan"), "const": float("inf")},
    "a long way around": {"$ref": "#" + "/a" * 5000},
    "a broken address": {"$id": "http://[bad", "$ref": "http://[::x"},
}
"""Schemas that are to cost much, or that nothing fits."""
