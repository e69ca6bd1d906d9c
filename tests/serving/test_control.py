"""The control plane: this machine only, under its own name only, and it says what it does not know."""

from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from mockprovider import __version__
from mockprovider.errors import InputError
from mockprovider.serving.control import control_plane
from mockprovider.serving.journal import Journal

SERVED = {"mode": "none", "profiles": ["x"]}


class Nothing:
    """What the control plane speaks for, where nothing is served; it remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    def describe(self) -> dict[str, Any]:
        return SERVED

    def verify(self, max_age: str | None, allowed: Sequence[str]) -> dict[str, Any]:
        self.asked.append((max_age, allowed))
        if max_age == "soon":
            raise InputError("write 30d")
        return {"ok": True}

    def reset(self, tenant: str | None) -> None:
        self.asked.append(tenant)

    def rules(self) -> list[dict[str, Any]]:
        return [{"name": "a", "used": 2}]

    def add_rules(self, given: Any, name: str, tenant: str | None) -> int:
        self.asked.append((given, name, tenant))
        if given == b"bad":
            raise InputError("rules:1: no rule")
        return 3

    def remove_rules(self, tenant: str | None) -> None:
        self.asked.append(("remove", tenant))


@pytest.fixture
def journal() -> Journal:
    found = Journal()
    for tenant, source in (("one", "replay"), ("two", "replay"), ("one", "record")):
        found.open("POST", "/v1/x", tenant).source = source
    return found


async def asked(
    journal: Journal,
    path: str,
    *,
    method: str = "GET",
    host: str = "localhost",
    client: str = "127.0.0.1",
    served: "Nothing | None" = None,
    body: bytes = b"",
    origin: str = "",
) -> httpx.Response:
    """What the control plane answers."""
    app = Starlette(routes=[control_plane(journal, served or Nothing())])
    transport = httpx.ASGITransport(app, client=(client, 50000))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        headers = {"Host": host, **({"Origin": origin} if origin else {})}
        return await http.request(method, path, headers=headers, content=body)


def error_of(response: httpx.Response) -> dict[str, Any]:
    """The error in the envelope that SDKs show."""
    error: dict[str, Any] = response.json()["error"]
    assert error["type"] == "mockprovider_error"
    return error


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:4242",
        "LocalHost",
        "localhost.",
        "127.0.0.1",
        "127.0.0.1:4242",
        "[::1]",
        "[::1]:4242",
        "127.9.9.9",
    ],
)
async def test_it_answers_under_a_name_of_this_machine(host: str, journal: Journal) -> None:
    assert (await asked(journal, "/-/health", host=host)).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "example.com",
        "example.com:4242",
        "localhost.example.com",
        "127.0.0.1.example.com",
        "notlocalhost",
        "testclient",
        "10.0.0.1",
        "0.0.0.0",
        "[::2]",
        "[::1].example.com",
        "2130706433",
        "",
    ],
)
async def test_it_answers_under_no_other_name(host: str, journal: Journal) -> None:
    response = await asked(journal, "/-/health", host=host)
    assert (response.status_code, error_of(response)["code"]) == (403, "foreign_host")


@pytest.mark.parametrize("origin", ["https://example.com", "http://localhost:4243", "null"])
async def test_it_takes_nothing_from_the_page_of_another(origin: str, journal: Journal) -> None:
    response = await asked(journal, "/-/rules", method="POST", origin=origin, body=b"[]")
    assert (response.status_code, error_of(response)["code"]) == (403, "foreign_page")


async def test_it_answers_a_page_of_its_own(journal: Journal) -> None:
    assert (await asked(journal, "/-/health", origin="http://localhost")).status_code == 200


@pytest.mark.parametrize("client", ["127.0.0.1", "127.0.0.53", "::1", "::ffff:127.0.0.1"])
async def test_it_answers_this_machine(client: str, journal: Journal) -> None:
    assert (await asked(journal, "/-/health", client=client)).status_code == 200


@pytest.mark.parametrize("client", ["10.0.0.1", "192.168.1.1", "8.8.8.8", "::2", "::ffff:10.0.0.1", "fe80::1"])
async def test_it_answers_no_other_machine(client: str, journal: Journal) -> None:
    response = await asked(journal, "/-/health", client=client)
    assert (response.status_code, error_of(response)["code"]) == (403, "not_local")


@pytest.mark.parametrize("path", ["/-/health", "/-/journal", "/-/", "/-/nothing"])
@pytest.mark.parametrize("stranger", [{"client": "10.0.0.1"}, {"host": "example.com"}])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_nothing_of_it_is_open_to_strangers(
    path: str, stranger: dict[str, Any], method: str, journal: Journal
) -> None:
    assert (await asked(journal, path, method=method, **stranger)).status_code == 403
    assert len(journal.select()) == 3


async def test_health_says_what_is_served_and_since_when(journal: Journal) -> None:
    answer = (await asked(journal, "/-/health")).json()
    assert answer.pop("uptime") >= 0
    assert answer == {"status": "ok", "version": __version__, **SERVED}


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/-/helth", "/-/", "/-/health/deeper"])
async def test_what_is_not_there_is_refused_with_what_is(path: str, method: str, journal: Journal) -> None:
    response = await asked(journal, path, method=method)
    error = error_of(response)
    assert (response.status_code, error["code"]) == (404, "unknown_control")
    assert all(word in error["message"] for word in (path, "/-/health", "/-/journal"))


@pytest.mark.parametrize(("method", "path"), [("POST", "/-/health"), ("DELETE", "/-/health"), ("PUT", "/-/journal")])
async def test_a_method_that_is_not_taken_is_refused_as_such(method: str, path: str, journal: Journal) -> None:
    assert (await asked(journal, path, method=method)).status_code == 405


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", [1, 2, 3]),
        ("?key=one", [1, 3]),
        ("?source=replay", [1, 2]),
        ("?key=one&source=record", [3]),
        ("?key=nobody", []),
        ("?last=1", [3]),
        ("?last=0", []),
        ("?last=99", [1, 2, 3]),
        ("?source=replay&last=1", [2]),
    ],
)
async def test_the_journal_is_filtered_by_key_source_and_number(query: str, ids: list[int], journal: Journal) -> None:
    answer = (await asked(journal, f"/-/journal{query}")).json()
    assert [entry["id"] for entry in answer["entries"]] == ids


@pytest.mark.parametrize("last", ["ten", "-1", "1.5", "", "%C2%B2", "1e3", "9" * 5000], ids=lambda last: last[:9])
async def test_a_number_that_is_none_is_refused_with_an_example(last: str, journal: Journal) -> None:
    response = await asked(journal, f"/-/journal?last={last}")
    assert response.status_code == 400
    assert "/-/journal?last=10" in error_of(response)["message"]


async def test_the_journal_is_cleared_by_delete(journal: Journal) -> None:
    assert (await asked(journal, "/-/journal", method="DELETE")).status_code == 204
    assert journal.select() == []


async def test_verify_hands_on_what_is_asked_and_what_is_found(journal: Journal) -> None:
    served = Nothing()
    response = await asked(journal, "/-/verify?max_age=30d&allow=leftovers&allow=stale", served=served)
    assert response.json() == {"ok": True}
    assert served.asked == [("30d", ["leftovers", "stale"])]


async def test_verify_refuses_what_it_cannot_use(journal: Journal) -> None:
    response = await asked(journal, "/-/verify?max_age=soon")
    assert response.status_code == 400
    assert error_of(response)["message"] == "write 30d"


@pytest.mark.parametrize(("query", "tenant"), [("", None), ("?key=sk-one", "sk-one")])
async def test_reset_is_for_everybody_or_for_one_key(query: str, tenant: str | None, journal: Journal) -> None:
    served = Nothing()
    assert (await asked(journal, f"/-/reset{query}", method="POST", served=served)).status_code == 204
    assert served.asked == [tenant]


@pytest.mark.parametrize(("query", "tenant"), [("", None), ("?key=sk-one", "sk-one"), ("?key=", "")])
async def test_rules_are_added_as_they_were_sent_for_everybody_or_for_one_key(
    query: str, tenant: str | None, journal: Journal
) -> None:
    served = Nothing()
    response = await asked(journal, f"/-/rules{query}", method="POST", body=b"- then: {text: a}", served=served)
    assert (response.status_code, response.json()) == (201, {"added": 3})
    assert served.asked == [(b"- then: {text: a}", "POST /-/rules", tenant)]


async def test_a_rule_that_can_not_be_used_is_refused(journal: Journal) -> None:
    response = await asked(journal, "/-/rules", method="POST", body=b"bad")
    assert (response.status_code, error_of(response)["code"]) == (400, "bad_rule")
    assert error_of(response)["message"] == "rules:1: no rule"


async def test_the_rules_are_told(journal: Journal) -> None:
    assert (await asked(journal, "/-/rules")).json() == {"rules": [{"name": "a", "used": 2}]}


@pytest.mark.parametrize(("query", "tenant"), [("", None), ("?key=sk-one", "sk-one")])
async def test_rules_are_removed_for_everybody_or_for_one_key(query: str, tenant: str | None, journal: Journal) -> None:
    served = Nothing()
    assert (await asked(journal, f"/-/rules{query}", method="DELETE", served=served)).status_code == 204
    assert served.asked == [("remove", tenant)]
