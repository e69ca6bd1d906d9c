"""Models as clients of Pydantic write them: their schemas are asked for, and they read what comes back."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, IPvAnyAddress, SecretStr, StringConstraints


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: Annotated[int, Field(ge=1, le=9)] = 9


class Dog(BaseModel):
    kind: Literal["dog", "wolf"]
    good: bool = True


class Owner(BaseModel):
    pets: list[Annotated[Cat | Dog, Field(discriminator="kind")]]
    favourite: Annotated[Cat | Dog, Field(discriminator="kind")]


class Unit(StrEnum):
    CELSIUS = "celsius"
    FAHRENHEIT = "fahrenheit"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Weather(BaseModel):
    model_config = ConfigDict(extra="forbid")

    city: str | None = None
    unit: Unit = Unit.CELSIUS
    level: Level
    days: Annotated[int, Field(ge=1, le=14)] | None = None
    when: datetime
    day: date
    at: time
    every: timedelta
    id: UUID


class Price(BaseModel):
    amount: Annotated[Decimal, Field(gt=0, max_digits=8, decimal_places=2)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    rate: Decimal
    share: Annotated[float, Field(gt=0, lt=1)]
    step: Annotated[float, Field(multiple_of=0.5, ge=0.1)]


class Bag(BaseModel):
    counts: dict[str, int]
    tags: Annotated[set[str], Field(min_length=3)]
    pair: tuple[int, str]
    many: tuple[float, ...]
    frozen: frozenset[Literal["a", "b"]]
    some: Annotated[list[int], Field(min_length=2, max_length=3)]
    named: Annotated[dict[Annotated[str, StringConstraints(pattern="^x-[a-z]+$")], list[bool]], Field(min_length=1)]
    anything: Any


class Node(BaseModel):
    value: int
    children: list["Node"]
    parent: "Node | None" = None


class Sum(BaseModel):
    operator: Literal["+", "-"]
    left: "Sum | float"
    right: "Sum | float"


class Texts(BaseModel):
    slug: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", min_length=12, max_length=20)]
    code: Annotated[str, StringConstraints(min_length=9, max_length=9, to_upper=True)]
    url: HttpUrl
    address: IPvAnyAddress
    secret: SecretStr


class Everything(BaseModel):
    owner: Owner
    price: Price | str
    bag: Bag | None = None


MODELS: tuple[type[BaseModel], ...] = (Owner, Weather, Price, Bag, Node, Sum, Texts, Everything)
STRICT_MODELS: tuple[type[BaseModel], ...] = (Owner, Weather, Price, Node, Sum, Texts)
"""Those that strict outputs can say: no maps, no value of any kind."""
