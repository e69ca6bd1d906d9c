"""What instructor says. Each function takes its key, and the base URLs of OpenAI and of DeepSeek."""

import asyncio
from typing import Any, Literal

import instructor
import openai
from instructor import Mode
from instructor.core import InstructorRetryException
from pydantic import BaseModel, Field, field_validator

MODEL = "gpt-4o-mini"
ASKED = [{"role": "user", "content": "Ada is 36 and lives in Paris"}]


class Address(BaseModel):
    """Where somebody lives."""

    city: str
    country: Literal["France", "Spain"]


class User(BaseModel):
    """Somebody."""

    name: str
    age: int = Field(ge=18)
    address: Address
    tags: list[str]


class Doubted(BaseModel):
    """Somebody whose age is never right."""

    age: int

    @field_validator("age")
    @classmethod
    def too_young(cls, age: int) -> int:
        raise ValueError(f"{age} is too young")


def _client(key: str, url: str, mode: Mode) -> Any:
    return instructor.from_openai(openai.OpenAI(base_url=url, api_key=key, max_retries=0), mode=mode)


def _create(key: str, url: str, mode: Mode, model: str = MODEL) -> Any:
    user = _client(key, url, mode).create(model=model, messages=ASKED, response_model=User, max_retries=0)
    return [type(user).__name__, user.age, user.address.country]


def tools(key: str, url: str, _: str) -> Any:
    return _create(key, url, Mode.TOOLS)


def tools_strict(key: str, url: str, _: str) -> Any:
    return _create(key, url, Mode.TOOLS_STRICT)


def json_schema(key: str, url: str, _: str) -> Any:
    return _create(key, url, Mode.JSON_SCHEMA)


def json_object(key: str, url: str, _: str) -> Any:
    return _create(key, url, Mode.JSON)


def responses_tools(key: str, url: str, _: str) -> Any:
    return _create(key, url, Mode.RESPONSES_TOOLS)


def deepseek_tools(key: str, _: str, url: str) -> Any:
    return _create(key, url, Mode.TOOLS, "deepseek-chat")


def deepseek_json(key: str, _: str, url: str) -> Any:
    return _create(key, url, Mode.JSON, "deepseek-chat")


def awaited(key: str, url: str, _: str) -> Any:
    async def ask() -> Any:
        async with openai.AsyncOpenAI(base_url=url, api_key=key, max_retries=0) as client:
            asking: Any = instructor.from_openai(client, mode=Mode.TOOLS)
            return await asking.create(model=MODEL, messages=ASKED, response_model=User, max_retries=0)

    return asyncio.run(ask()).address.country


def partial(key: str, url: str, _: str) -> Any:
    seen = list(_client(key, url, Mode.TOOLS).create_partial(model=MODEL, messages=ASKED, response_model=User))
    return {"first": seen[0].name, "last": seen[-1].model_dump()["address"], "several": len(seen) > 3}


def partial_in_a_schema(key: str, url: str, _: str) -> Any:
    seen = list(_client(key, url, Mode.JSON_SCHEMA).create_partial(model=MODEL, messages=ASKED, response_model=User))
    return {"first": seen[0].name, "last": seen[-1].model_dump()["address"], "several": len(seen) > 3}


def iterable(key: str, url: str, _: str) -> Any:
    users = list(_client(key, url, Mode.TOOLS).create_iterable(model=MODEL, messages=ASKED, response_model=User))
    return [user.address.country for user in users]


def asks_again(key: str, url: str, _: str) -> Any:
    """What is not valid is sent back with the error, as many times as is allowed."""
    try:
        _client(key, url, Mode.TOOLS).create(model=MODEL, messages=ASKED, response_model=Doubted, max_retries=2)
    except InstructorRetryException as problem:
        return problem.n_attempts
