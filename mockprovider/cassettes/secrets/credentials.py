r"""What a secret looks like, where it stands, and what stands in its place.

A credential is known by its place (a header, a query parameter), by its form (the prefix that its issuer gives it), or
by what stands before it (`Bearer`, `"api_key":`). The forms are facts of the issuers' documentation and of the rules
of public secret scanners. Law: what `keys_in` finds has no quote and no backslash that it did not have before, is no
placeholder, and is bounded on both sides, so that a key is never taken out of the middle of base64.

A placeholder tells two keys apart by 32 bits of a digest, where that helps nobody to guess the secret: a value that is
short, has no digit, or is made of several words could be found by trying, so it has the same placeholder as any other.
"""

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from mockprovider.errors import InputError

PLACEHOLDER = b"REDACTED"

SECRET_HEADERS = frozenset(
    {
        b"api-key",
        b"apikey",
        b"authorization",
        b"cf-access-client-id",
        b"cf-access-client-secret",
        b"cf-access-jwt-assertion",
        b"cf-aig-authorization",
        b"dd-api-key",
        b"dd-application-key",
        b"helicone-auth",
        b"ocp-apim-subscription-key",
        b"private-token",
        b"proxy-authorization",
        b"x-amz-security-token",
        b"x-api-key",
        b"x-api-token",
        b"x-auth",
        b"x-auth-key",
        b"x-auth-token",
        b"x-functions-key",
        b"x-goog-api-key",
        b"x-goog-iam-authorization-token",
        b"x-honeycomb-team",
        b"x-litellm-api-key",
        b"x-litellm-key",
        b"x-portkey-api-key",
        b"x-portkey-aws-access-key-id",
        b"x-portkey-aws-secret-access-key",
        b"x-portkey-aws-session-token",
        b"x-portkey-config",
        b"x-portkey-virtual-key",
        b"x-subscription-token",
        b"x-vercel-oidc-token",
    }
)
"""Headers whose whole value is a credential, with or without a scheme before it."""

_SECRET_NAME = re.compile(
    rb"(?:^|[-_])(?:(?:api|access|auth|authorization|bearer|client|csrf|id|refresh|secret|security|session|subscription"
    rb"|virtual|xsrf)[-_]?(?:key|token|secret|credential)|authorization|password|secret)\Z"
)
"""How other headers end that carry one: `x-acme-api-key`, `x-session-token`. Not `x-ratelimit-key`, not `to-token`."""

KEY_HEADERS = frozenset({b"api-key", b"x-api-key", b"x-goog-api-key"})
"""Headers in which a client may send its key instead of a bearer token."""

ACCOUNT_HEADERS = frozenset(
    {
        b"anthropic-organization-id",
        b"anthropic-workspace-id",
        b"chatgpt-account-id",
        b"helicone-user-id",
        b"msh-org-id",
        b"msh-project-id",
        b"msh-uid",
        b"openai-organization",
        b"openai-project",
        b"org-id",
        b"x-account-id",
        b"x-auth-email",
        b"x-dashscope-workspace",
        b"x-databricks-org-id",
        b"x-goog-user-project",
        b"x-hf-bill-to",
        b"x-org-id",
        b"x-organization-id",
        b"x-project-id",
        b"x-tenant-id",
        b"x-user-id",
        b"x-workspace-id",
    }
)
"""Headers that name an account: no credential, but nobody else's business. Ids of a request or a trace name none."""

SECRET_PARAMETERS = frozenset(
    {
        "access_key",
        "access_token",
        "api-key",
        "api_key",
        "apikey",
        "auth",
        "auth_token",
        "client_secret",
        "key",
        "password",
        "secret",
        "sig",
        "signature",
        "subscription-key",
        "token",
        "x-amz-credential",
        "x-amz-security-token",
        "x-amz-signature",
        "x-goog-credential",
        "x-goog-signature",
    }
)
"""Query parameters that carry a credential."""

SCHEMES = frozenset(
    {
        *(b"apikey", b"api-key", b"basic", b"bearer", b"bot", b"digest", b"dpop", b"goog4-rsa-sha256", b"googlelogin"),
        *(b"hawk", b"hmac", b"hmac-sha256", b"jwt", b"key", b"negotiate", b"ntlm", b"oauth", b"sharedkey"),
        *(b"aws4-ecdsa-p256-sha256", b"aws4-hmac-sha256", b"sharedaccesssignature", b"signature", b"snowflake"),
        *(b"tc3-hmac-sha256", b"token"),
    }
)
"""First words of an Authorization that say how to read the rest: those registered, and those that providers use."""

_LLM_PROVIDER = b"llm_provider-"
"""LiteLLM hands the upstream's headers on with this before their names."""


@lru_cache(maxsize=4096)
def place_of(name: bytes) -> str:
    """What a header holds, by its lower-case name: "secret", "account", "cookie", "set-cookie" or nothing of that."""
    name = name.removeprefix(_LLM_PROVIDER)
    if name in SECRET_HEADERS or (_SECRET_NAME.search(name) and name != b"idempotency-key"):
        return "secret"
    if name in ACCOUNT_HEADERS:
        return "account"
    return name.decode() if name in (b"cookie", b"set-cookie") else ""


class Spot(NamedTuple):
    """Where something to hide stands in some bytes, and what it is."""

    start: int
    end: int
    kind: str


_DIGIT = rb"(?=[\w-]*?[0-9])"
_DENSE = rb"(?=[\w-]*?[A-Za-z0-9]{16})"
"""What random text has and words with hyphens between them have not: 16 letters and digits in a row."""

KEYS: tuple[tuple[str, bytes], ...] = (
    # OpenAI, Anthropic, DeepSeek, Qwen, Moonshot, SiliconFlow, OpenRouter (sk-or-), LiteLLM, Langfuse, Helicone, ...
    ("API key (sk-)", rb"sk-" + _DIGIT + _DENSE + rb"[\w-]{20,}"),
    ("API key (sk_)", rb"sk_" + _DIGIT + _DENSE + rb"[\w-]{20,}"),
    ("Cerebras API key", rb"csk-" + _DIGIT + rb"[a-z0-9]{40,}"),
    ("Groq API key", rb"gsk_" + _DIGIT + rb"[A-Za-z0-9]{32,}"),
    ("xAI API key", rb"xai-" + _DIGIT + rb"[A-Za-z0-9]{48,}"),
    ("Google API key", rb"AIza[\w-]{35}"),
    ("Google OAuth client secret", rb"GOCSPX-[\w-]{28}"),
    ("Hugging Face token", rb"hf_[A-Za-z0-9]{34}"),
    ("Hugging Face organisation token", rb"api_org_[A-Za-z0-9]{34}"),
    ("Replicate token", rb"r8_[A-Za-z0-9]{37}"),
    ("Perplexity API key", rb"pplx-[A-Za-z0-9]{40,}"),
    ("NVIDIA API key", rb"nvapi-[\w-]{40,}"),
    ("Fireworks API key", rb"fw_" + _DIGIT + rb"[A-Za-z0-9]{22,}"),
    ("Together API key", rb"tgp_v1_[\w-]{32,}"),
    ("Vercel AI Gateway key", rb"vck_[A-Za-z0-9]{40,}"),
    ("Voyage API key", rb"pa-" + _DIGIT + _DENSE + rb"[\w-]{40,}"),
    ("Jina API key", rb"jina_[\w-]{50,}"),
    ("Tavily API key", rb"tvly-" + _DIGIT + rb"[\w-]{24,}"),
    ("Pinecone API key", rb"pcsk_[\w-]{40,}"),
    ("LangSmith API key", rb"lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}"),
    ("OpenAI session key", rb"sess-" + _DIGIT + rb"[A-Za-z0-9]{40}"),
    ("OpenAI ephemeral key", rb"ek_" + _DIGIT + rb"[A-Za-z0-9]{30,}"),
    ("Databricks token", rb"dapi[0-9a-f]{32}(?:-[0-9])?"),
    ("Baidu Qianfan API key", rb"ALTAK-[A-Za-z0-9]{21}(?:\\?/[0-9a-f]{40})?"),
    ("AWS access key id", rb"A(?:BIA|CCA|KIA|SIA)[A-Z2-7]{16}"),
    ("Amazon Bedrock API key", rb"ABSK(?:[A-Za-z0-9+=]|\\?/){90,}"),
    ("Amazon Bedrock API key", rb"bedrock-api-key-(?:[A-Za-z0-9+=]|\\?/){60,}"),
    ("Alibaba Cloud access key id", rb"LTAI[A-Za-z0-9]{20}"),
    ("Tencent Cloud secret id", rb"AKID[A-Za-z0-9]{32}"),
    ("GitHub token", rb"gh[opsru]_[A-Za-z0-9]{36,}"),
    ("GitHub token", rb"github_pat_\w{60,}"),
    ("GitLab token", rb"glpat-[\w-]{20,}"),
    ("npm token", rb"npm_[A-Za-z0-9]{36}"),
    ("PyPI token", rb"pypi-AgE[\w-]{50,}"),
    ("E2B API key", rb"e2b_[0-9a-f]{40}"),
    ("Slack token", rb"xox[abeoprs]-[0-9A-Za-z-]{20,}"),
    ("Stripe key", rb"rk_live_[A-Za-z0-9]{20,}"),
    ("JSON Web Token", rb"eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{16,}"),
)
"""Keys by their form. Each begins with letters of its own, on which the search for all of them is quick."""

ACCOUNTS: tuple[tuple[str, bytes], ...] = (
    ("organisation", rb"org[-_]"),
    ("project", rb"proj[-_]"),
    ("user", rb"user-"),
    ("workspace", rb"wrkspc_"),
    ("access key id", rb"ak-"),
)
"""How ids of accounts begin that providers put into headers and messages; the beginning is kept."""

_ACCOUNT = rb"(?=[A-Za-z]*[0-9])[A-Za-z0-9]{16,}"
_FORMS = tuple((kind, re.compile(form), 0) for kind, form in KEYS) + tuple(
    (kind, re.compile(b"(?:%b)(%b)" % (prefix, _ACCOUNT)), 1) for kind, prefix in ACCOUNTS
)
_BEGINNING = (
    rb"(?:A(?:BIA|BSK|CCA|KI[AD]|SIA|Iza|LTAK-)|GOCSPX-|LTAI|ak-|api_org_|bedrock-|csk-|dapi|e(?:2b_|k_|yJ)|fw_"
    rb"|g(?:h[opsru]_|ithub_|lpat-|sk_)|hf_|jina_|lsv2_|n(?:pm_|vapi-)|org[-_]|p(?:a-|csk_|plx-|roj[-_]|ypi-)|r(?:8_|k_live_)"
    rb"|s(?:k[-_]|ess-)|t(?:gp_|vly-)|user-|vck_|wrkspc_|x(?:ai-|ox))"
)
"""How the forms begin, but for the token of Google's that has a dot near its beginning."""
_BEGINNINGS = (re.compile(rb"[\n/+](%b)" % _BEGINNING), re.compile(rb"\n(?:.|..|.{5})(%b)" % _BEGINNING))
"""Where a key can begin among lines that are runs: at their beginning, or after a slash, a plus, or the rest of an
escape whose backslash or percent sign ended the run before. Each begins with what an engine finds quickly."""
_EDGE = re.compile(rb"(?:\A|[^A-Za-z0-9_-]|\\[bfnrt]|\\u00[0-9a-fA-F]{2}|%[0-9a-fA-F]{2})\Z")
"""What may stand before a key, at the end of six bytes: no word, but the escape of JSON or of a URL may end in one."""
_GOES_ON = re.compile(rb"[A-Za-z0-9_-]")

_GOOGLE = re.compile(rb"ya29\.[\w-]{20,}")
_ZHIPU = re.compile(rb"[0-9a-f]{32}\.[A-Za-z0-9]{16}")
_AZURE = re.compile(rb"[A-Za-z0-9]{52}JQQJ99[A-Za-z0-9]{26}")

_NAMES = tuple(
    b"api_key apikey api-key access_token accesstoken refresh_token refreshtoken id_token auth_token ad_token"
    b" session_token"
    b" security_token security-token client_secret clientsecret secret_key secretkey secret_access_key"
    b" secretaccesskey private_key password amz-signature goog-signature bearer ya29".split()
)
"""How the name of a value ends, in lower case, that is a secret wherever it stands, and two beginnings of tokens."""
_VALUE = re.compile(rb"(?=[A-Za-z_+/=-]*[0-9])(?=[0-9_+/=-]*[A-Za-z])[A-Za-z0-9_+/=-]{20,}")
_SIGNS = b" \t\"'\\:=>."
"""What stands between a name and its value."""
_LOOK_BACK = 32
_MAY_BE_NAMED = re.compile(rb"(?:key|token|secret|word|ature|bearer|ya29)[ \t\"'\\:=>.]*\n")

_PRIVATE_KEY = re.compile(rb"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----([^-\"']{40,16384}?)-----END")
_ARN = re.compile(rb"\barn:aws[a-z-]*:[a-z0-9-]*:[a-z0-9-]*:([0-9]{12}):")

_IN_RUN = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+/"
_SHAPE = bytes(ord("a") if code in _IN_RUN else ord(" ") for code in range(256))
_RUN = b"a" * 20
_LONGEST_KEY = 4096


def keys_in(data: bytes) -> Iterator[Spot]:
    """Credentials and ids of accounts by their form or by the word before them; they may overlap.

    Each has 20 bytes in a row without a space or a quote. Such runs are found by a translation of the whole, which
    takes a tenth of a millisecond for 100 kB, and only they are looked into.
    """
    shape = data.translate(_SHAPE)
    starts, runs = list[int](), list[bytes]()
    start = shape.find(_RUN)
    while start >= 0:
        end = shape.find(b" ", start)
        end = len(data) if end < 0 else end
        starts.append(start)
        run = data[start:end]
        runs.append(run if end - start <= _LONGEST_KEY else _looked_into(run))
        if data[end : end + 1] == b"." and (found := _ZHIPU.match(data, max(start, end - 32))):
            yield from _alone(data, found, "Zhipu API key")
        start = shape.find(_RUN, end)
    if runs:
        yield from _of_known_form(data, starts, runs)
        yield from _named(data, starts)
    if b"-----BEGIN" in data:
        yield from (Spot(*found.span(1), "private key") for found in _PRIVATE_KEY.finditer(data))
    if b"arn:aws" in data:
        yield from (Spot(*found.span(1), "AWS account") for found in _ARN.finditer(data))


def _looked_into(run: bytes) -> bytes:
    """A long run, or its beginning where the rest is a file in base64."""
    return run[:64] if b"-" not in run and b"_" not in run else run


def _of_known_form(data: bytes, starts: Sequence[int], runs: Sequence[bytes]) -> Iterator[Spot]:
    """The keys that begin in these runs. They are searched all at once, since a call for each would cost more."""
    joined = b"\n" + b"\n".join(runs)
    ends = list(accumulate((len(run) + 1 for run in runs), initial=1))
    for beginning in _BEGINNINGS:
        for hit in beginning.finditer(joined):
            number = bisect_right(ends, hit.start(1)) - 1
            at = starts[number] + hit.start(1) - ends[number]
            if _EDGE.search(data[max(0, at - 6) : at]):
                for kind, form, group in _FORMS:
                    if (found := form.match(data, at)) is not None and not _GOES_ON.match(data, found.end()):
                        yield Spot(*found.span(group), kind)
                        break
    if b"JQQJ99" in joined:
        for found in _AZURE.finditer(data):
            yield from _alone(data, found, "Azure AI key")


def _alone(data: bytes, found: re.Match[bytes], kind: str) -> Iterator[Spot]:
    """A find if it is a whole word, and none out of the middle of base64 or of a longer name."""
    if _EDGE.search(data[max(0, found.start() - 6) : found.start()]) and not _GOES_ON.match(data, found.end()):
        yield Spot(*found.span(), kind)


def _named(data: bytes, starts: Sequence[int]) -> Iterator[Spot]:
    """What begins at these places, if the word before says that it is a secret: `"api_key": "..."`, `Bearer ...`."""
    all_before = [data[max(0, start - _LOOK_BACK) : start] for start in starts]
    if not _MAY_BE_NAMED.search(b"\n".join(all_before).lower() + b"\n"):
        return
    for start, before in zip(starts, all_before, strict=True):
        name = before.lower().rstrip(_SIGNS)
        if not name.endswith(_NAMES):
            continue
        signs, found = before[len(name) :], None
        if name.endswith(b"ya29"):
            found = _GOOGLE.match(data, start - 5) if signs == b"." else None
        elif not signs.strip(b" \t") if name.endswith(b"bearer") else (b":" in signs or b"=" in signs):
            found = _VALUE.match(data, start)
        if found:
            yield Spot(*found.span(), "named secret")


_MARK = re.compile(rb"REDACTED(?:-[0-9a-f]{8})?x*")
_ONE_WORD = re.compile(rb"(?=[^0-9]*[0-9])[A-Za-z0-9._~+/=|:%-]{20,}")


def mark_of(secret: bytes) -> bytes:
    """What stands for a secret: `REDACTED`, and eight digits of its digest where it is too random to be guessed."""
    if is_mark(secret):
        return secret
    if not _ONE_WORD.fullmatch(secret):
        return PLACEHOLDER
    digest = hashlib.blake2b(secret, digest_size=4, person=b"mockprovider")
    return b"%b-%b" % (PLACEHOLDER, digest.hexdigest().encode())


def cover(mark: bytes, length: int) -> bytes:
    """A placeholder of just this many bytes; the digest is left out where there is no room for all of it."""
    return (mark if len(mark) <= length else PLACEHOLDER).ljust(length, b"x")[:length]


def is_mark(value: bytes) -> bool:
    """Whether a value is nothing but a placeholder."""
    return _MARK.fullmatch(value) is not None


def marks_in(data: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of each placeholder."""
    if PLACEHOLDER in data:
        yield from (found.span() for found in _MARK.finditer(data))


def around_marks(data: bytes) -> Iterator[tuple[int, int]]:
    """The stretches of some bytes that are no placeholder: start and end of each."""
    start = 0
    for mark, after in marks_in(data):
        yield start, mark
        start = after
    yield start, len(data)


def compiled(pattern: str, where: str) -> re.Pattern[str]:
    """A regular expression of the user's. Raises InputError that names the place in it where it goes wrong."""
    try:
        return re.compile(pattern)
    except re.error as problem:
        place = "" if problem.pos is None else f" at position {problem.pos}"
        raise InputError(f"{where}: {pattern!r} is no regular expression: {problem.msg}{place}") from None
    except (OverflowError, RecursionError) as problem:
        raise InputError(f"{where}: {pattern!r} is no usable regular expression: {problem}") from None


PERSONAL: tuple[tuple[str, str], ...] = (
    ("e-mail address", r"[A-Za-z0-9](?:[A-Za-z0-9._%+-]{0,63})@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}\b"),
    ("phone number", r"(?<![\w.+-])\+[1-9](?:[ .()/-]{0,2}[0-9]){7,14}(?![\w-])"),
    ("phone number", r"(?<![\w.+-])\(?[2-9][0-9]{2}\)?[ .-][2-9][0-9]{2}[ .-][0-9]{4}(?![\w-])"),
)
"""What names a person: addresses, numbers in international form, and numbers as North America groups them."""
