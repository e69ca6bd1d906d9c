"""Every profile that ships: it loads, says where it knows things from, and no code knows a provider by name."""

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import mockprovider
from mockprovider.profiles.loading import BASELINE, document, shipped
from mockprovider.profiles.quirks import quirks, source_of
from tests.profiles.known import load

PACKAGE = Path(mockprovider.__file__).parent
every_profile = pytest.mark.parametrize("name", shipped())

PROVIDERS = re.compile(
    r"(?<![a-z])(anthropic|azure|bedrock|cerebras|claude|cohere|dashscope|deepinfra|deepseek|fireworks|gemini|glm|groq|hunyuan|"
    r"huggingface|kimi|lmstudio|minimax|mistral|moonshot|novita|nvidia|ollama|openrouter|perplexity|qwen|sambanova|"
    r"siliconflow|together\.ai|vertex|vllm|xai|zhipu|z\.ai)(?![a-z])",
    re.IGNORECASE,
)
"""Names of providers and their models. OpenAI's is that of the API and of the baseline."""


@every_profile
def test_it_says_what_a_client_stumbles_over_in_one_line(name: str) -> None:
    assert re.fullmatch(r"[^\n]{10,200}", load(name).bites)


@every_profile
def test_it_says_when_it_was_checked(name: str) -> None:
    assert isinstance(load(name).checked, date)


@every_profile
def test_it_extends_the_baseline_by_some_way(name: str) -> None:
    base: str | None = name
    while base is not None and base != BASELINE:
        base = load(base).extends
    assert base == BASELINE


@every_profile
def test_every_quirk_has_a_source_with_address_confidence_and_date(name: str) -> None:
    unsourced = [quirk.key for quirk in quirks(load(name), load(BASELINE)) if quirk.source is None]
    assert unsourced == []


def test_the_baseline_has_a_source_for_every_part_that_it_answers_with() -> None:
    profile = load(BASELINE)
    parts = {"paths", "auth", "models", "chat.plain", "chat.stream", "completions.plain", "completions.stream"}
    parts |= {"embeddings", "moderations", *(f"errors.{kind}" for kind in profile.errors)}
    assert {part for part in parts if source_of(profile, part) is None} == set()


@every_profile
def test_every_source_without_a_public_address_claims_no_more_than_a_report(name: str) -> None:
    address = re.compile(r"https?://\S+|[\w.-]+/[\w.-]+")
    bold = {
        key: source.at
        for key, source in load(name).sources.items()
        if not address.search(source.at) and source.confidence not in ("reported", "inferred")
    }
    assert bold == {}


@every_profile
def test_every_source_has_a_date_before_the_check(name: str) -> None:
    profile = load(name)
    odd = {
        key: source.date
        for key, source in profile.sources.items()
        if not re.fullmatch(r"20\d\d(-\d\d(-\d\d)?)?", source.date) or source.date > profile.checked.isoformat()
    }
    assert odd == {}


@every_profile
def test_every_source_is_of_a_key_that_there_is(name: str) -> None:
    data = document(shipped()[name])
    missing = [key for key in load(name).sources if not _there(data, key.split("."))]
    assert missing == []


def _there(data: Any, way: list[str]) -> bool:
    return not way or (isinstance(data, dict) and way[0] in data and _there(data[way[0]], way[1:]))


@every_profile
def test_every_pattern_is_like_a_known_model(name: str) -> None:
    models = load(name).models
    assert set(models.patterns.values()) <= set(models.known)


@every_profile
def test_a_model_that_reasons_has_a_frame_to_show_it_in(name: str) -> None:
    profile = load(name)
    reasoning = [model for model in profile.models.known.values() if model.thinks not in ("never", "hidden")]
    forms = [profile.shapes.get(model.shape, profile.chat) for model in reasoning]
    assert all(form.stream.frames.thinking is not None or form.thinking.tags is not None for form in forms)


def _said(path: Path) -> Iterator[tuple[int, str]]:
    """Names and texts of a module's code with their lines; docstrings explain, and may name anybody."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    explained = {
        id(statement.value)
        for node in ast.walk(tree)
        if isinstance(body := getattr(node, "body", None), list)
        for statement in body
        if isinstance(statement, ast.Expr)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in explained:
                yield node.lineno, text
            case ast.Name(id=text) | ast.Attribute(attr=text) | ast.arg(arg=text):
                yield node.lineno, text
            case ast.FunctionDef(name=text) | ast.AsyncFunctionDef(name=text) | ast.ClassDef(name=text):
                yield node.lineno, text


@pytest.mark.parametrize("folder", ["profiles", "synthesis", "sources", "serving"])
def test_no_code_knows_a_provider_by_name(folder: str) -> None:
    names = re.compile(
        "|".join([PROVIDERS.pattern, *(re.escape(name) for name in shipped() if name.endswith("-like"))]), re.IGNORECASE
    )
    found = [
        f"{path.relative_to(PACKAGE)}:{line}: {text}"
        for path in sorted((PACKAGE / folder).rglob("*.py"))
        for line, text in _said(path)
        if names.search(text)
    ]
    assert found == []
