"""What is there to be copied: examples do what their READMEs show, and the files for CI are what CI takes."""

import json
import os
import re
import shlex
import shutil
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import httpx
import pytest
import yaml
from filelock import FileLock

from mockprovider import MockProvider
from mockprovider.cli import main
from tests.clients import programs
from tests.composite import ACTION, ROOT, Job
from tests.stories import blocks, steps

EXAMPLES = ROOT / "examples"
INSTALLED = ROOT / ".cache" / "examples"
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
RECIPES = ["github.yml", "gitlab.yml"]
SECRET = "sk-proj-" + "4f9Kq2LmZx7RtVb1Nc8W" * 3


@dataclass(frozen=True)
class Shown:
    """A command of a README, and the lines that stand below it."""

    folder: str
    command: str
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.folder}: {self.command}"


def _shown() -> Iterator[Shown]:
    for readme in sorted(EXAMPLES.glob("*/README.md")):
        for step in (each for block in blocks(readme) for each in steps(block)):
            if step.command != "npm ci":  # `home` has seen to it
                yield Shown(readme.parent.name, step.command, tuple(step.said.splitlines()))


SHOWN = list(_shown())


@pytest.fixture
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A copy of the folder of a command, with what it needs."""
    name = request.getfixturevalue("shown").folder
    if not (EXAMPLES / name / "package-lock.json").is_file():
        yield shutil.copytree(EXAMPLES / name, tmp_path / name)
        return
    npm = shutil.which("npm")
    if npm is None:
        programs.absent("there is no `npm` here")
    INSTALLED.mkdir(parents=True, exist_ok=True)
    with FileLock(INSTALLED / f"{name}.lock"):
        copy = shutil.copytree(EXAMPLES / name, INSTALLED / name, dirs_exist_ok=True)
        stamp, lock = copy / "node_modules" / ".stamp", (copy / "package-lock.json").read_text(encoding="utf-8")
        if not stamp.is_file() or stamp.read_text(encoding="utf-8") != lock:
            programs.install([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"], copy)
            stamp.write_text(lock, encoding="utf-8")
        yield copy


def _unlike(shown: Shown, home: Path) -> list[str]:
    """What a command did not say though its README shows it, and its exit status if that is not 0."""
    for needed in ("curl", "jq") if shown.folder == "with-curl" else ():
        if shutil.which(needed) is None:
            programs.absent(f"there is no `{needed}` here")
    ours = ("MOCKPROVIDER_", "PYTEST_", "OPENAI_", "DEEPSEEK_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment |= {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTEST_ADDOPTS": "-p no:randomly -p no:langsmith_plugin -p no:cacheprovider",
        "NO_COLOR": "1",
    }
    done = programs.run(["bash", "-c", shown.command], home, environment)
    said = [" ".join(line.split()) for line in (done.stdout + "\n" + done.stderr).splitlines()]
    unlike = [] if done.returncode == 0 else [f"status {done.returncode}: {done.stdout[-1500:]}{done.stderr[-1500:]}"]
    for line in (" ".join(line.split()) for line in shown.lines):
        found = next((each for each in said if line in each), None)
        if found is None:
            unlike.append(line)
        else:
            said.remove(found)
    return unlike


@pytest.mark.parametrize("shown", SHOWN, ids=str)
def test_an_example_does_what_its_readme_shows(shown: Shown, home: Path) -> None:
    assert _unlike(shown, home) == []


def _careful(folder: str, command: str, file: str, care: str, none: str, then: str) -> Any:
    (shown,) = (each for each in SHOWN if each.folder == folder and command in each.command)
    return pytest.param(shown, file, care, none, then, id=f"{folder} {command}")


@pytest.mark.parametrize(
    ("shown", "file", "care", "none", "then"),
    [
        _careful("agent", "azure-like", "agent.py", "if not chunk.choices:", "if False:", "IndexError"),
        _careful("agent", "deepseek-like", "agent.py", '"reasoning_content"):', '""):', "must be passed back"),
        _careful("agent", "gemini-like", "agent.py", 'part.id not in (None, "", call["id"])', "False", "JSONDecode"),
        _careful("agent", "mistral-like", "agent.py", "if not isinstance(content, str):", "if False:", "TypeError"),
        _careful("gateway", "pytest", "fallback.py", "if answer.status_code not in BUSY:", "if True:", "3 failed"),
        _careful(
            "rag", "deepseek ", "rag.py", 'if "response_format" not in refusal.message:', "if True:", "unavailable"
        ),
        _careful("with-curl", "openrouter", "ask.sh", '"data: "*)', "*)", "parse error"),
        _careful(
            "with-pytest", "pytest", "weather.py", "_dump(exclude_unset=True)", "_dump(include={'role'})", "1 failed"
        ),
    ],
)
def test_an_example_fails_without_the_care_that_it_takes(
    shown: Shown, home: Path, file: str, care: str, none: str, then: str
) -> None:
    text = (home / file).read_text(encoding="utf-8")
    assert text.count(care) == 1
    (home / file).write_text(text.replace(care, none), encoding="utf-8")
    assert then in "\n".join(_unlike(shown, home))


def test_each_example_stands_in_the_table_of_all() -> None:
    table = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    folders = {path.name for path in EXAMPLES.iterdir() if path.is_dir() and not path.name.startswith((".", "__"))}
    assert set(re.findall(r"^\| \[([\w-]+)\]", table, re.MULTILINE)) == folders


@pytest.mark.parametrize("readme", sorted(EXAMPLES.rglob("README.md")), ids=lambda path: path.parent.name)
def test_every_link_in_a_readme_leads_somewhere(readme: Path) -> None:
    links = re.findall(r"\]\((?!https?://)([^)#]+)", readme.read_text(encoding="utf-8"))
    assert [link for link in links if not (readme.parent / link).exists()] == []


# Files that others read


@pytest.mark.parametrize(
    ("file", "schema"),
    [
        ("action.yml", "github-actions"),
        ("compose.yaml", "compose-spec"),
        ("examples/ci/github.yml", "github-workflows"),
        ("examples/ci/gitlab.yml", "gitlab-ci"),
    ],
)
def test_a_file_for_ci_fits_the_schema_that_is_published_for_it(file: str, schema: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(ROOT / file)]
    done = programs.run(command, ROOT, dict(os.environ))
    assert done.returncode == 0, done.stdout


def test_pre_commit_takes_the_manifest_of_hooks() -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml"]
    done = programs.run(command, ROOT, dict(os.environ))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("text", "status"), [("nothing to hide", 0), (f"key: {SECRET}", 1)])
def test_the_hook_passes_and_fails_on_the_files_that_it_is_given(text: str, status: int, tmp_path: Path) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    (tmp_path / "answer.yaml").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", *shlex.split(hook["entry"]), "answer.yaml"]
    assert programs.run(command, tmp_path, dict(os.environ)).returncode == status


def _strings(data: Any) -> Iterator[str]:
    """All texts in a document, names left out."""
    if isinstance(data, str):
        yield data
    for each in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _strings(each)


def _in_recipes() -> list[str]:
    texts = (
        each for recipe in RECIPES for each in _strings(yaml.safe_load((EXAMPLES / "ci" / recipe).read_text("utf-8")))
    )
    return sorted(
        {line for text in texts for line in text.splitlines() if line.startswith("mockprovider ") and "@" not in line}
    )


def _taken(line: str) -> click.Context:
    """What the command line makes of it, which is an error where an option is none."""
    command: click.Command = main
    _, *words = shlex.split(line)
    while isinstance(command, click.Group):
        found = command.get_command(click.Context(command), words.pop(0))
        assert found is not None
        command = found
    return command.make_context("x", words)


def test_there_are_commands_in_the_recipes() -> None:
    assert len(_in_recipes()) >= 4


@pytest.mark.parametrize("line", _in_recipes())
def test_every_command_in_a_recipe_is_one_that_there_is(line: str) -> None:
    _taken(line)


def test_the_recipe_gives_the_action_what_it_takes() -> None:
    recipe = yaml.safe_load((EXAMPLES / "ci" / "github.yml").read_text(encoding="utf-8"))
    steps = [step for job in recipe["jobs"].values() for step in job["steps"]]
    given = [set(step["with"]) for step in steps if step.get("uses", "").startswith("mockprovider/")]
    assert (len(given), set().union(*given) - set(ACTION["inputs"])) == (3, set())


# The image


def _instructions(name: str) -> list[str]:
    return re.findall(rf"(?m)^ *{name} +(.*)$", DOCKERFILE)


def test_a_linter_finds_nothing_in_the_dockerfile() -> None:
    linter = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which("hadolint")
    if linter is None:
        programs.absent("there is no `hadolint` here")
    done = programs.run([linter, "--failure-threshold", "style", "Dockerfile"], ROOT, dict(os.environ))
    assert (done.returncode, done.stdout) == (0, "")


def test_what_the_image_is_built_from_is_enough_and_is_not_ignored(tmp_path: Path) -> None:
    let_through = set(re.findall(r"(?m)^!(.+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8")))
    source = tmp_path / "source"
    source.mkdir()
    for words in (line.split() for line in _instructions("COPY") if not line.startswith("--from")):
        *copied, _ = words
        assert set(copied) <= let_through
        for name in copied:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, source / name)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), "."]
    programs.install(pip, source)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as files:
        assert {"mockprovider/cli/serve.py", "mockprovider/profiles/data/openai.yaml"} <= set(files.namelist())


def _health(port: int | None) -> int:
    """The exit status of the image's health check, where its server is at this port."""
    (check,) = re.findall(r"HEALTHCHECK.*? CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    words = [sys.executable if word == "python" else word for word in json.loads(check)]
    return programs.run(words, ROOT, {**os.environ, "MOCKPROVIDER_PORT": str(port)}).returncode


def test_the_health_check_passes_where_a_server_answers() -> None:
    with MockProvider("openai") as mock:
        assert _health(httpx.URL(mock.url).port) == 0


def test_the_health_check_fails_where_none_does() -> None:
    with MockProvider("openai") as mock:
        port = httpx.URL(mock.url).port
    assert _health(port) != 0


def test_the_image_serves_at_its_port_on_all_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    (settings,), (entry,), (command,), (port,) = map(_instructions, ("ENV", "ENTRYPOINT", "CMD", "EXPOSE"))
    for name, value in (word.split("=", 1) for word in shlex.split(settings)):
        if name.startswith("MOCKPROVIDER_"):
            monkeypatch.setenv(name, value)
    taken = _taken(shlex.join([*json.loads(entry), *json.loads(command)])).params
    assert (taken["host"], taken["port"], taken["profile"]) == ("0.0.0.0", int(port), ("openai",))


# The action


@pytest.fixture
def job(tmp_path: Path) -> Iterator[Job]:
    job = Job(tmp_path)
    yield job
    job.end()


def _answer(job: Job, model: str = "gpt-4o-mini") -> httpx.Response:
    """What the steps that follow are answered."""
    url, key = job.environment["OPENAI_BASE_URL"], job.environment["OPENAI_API_KEY"]
    body = {"model": model, "messages": [{"role": "user", "content": "Hello"}]}
    return httpx.post(f"{url}/chat/completions", json=body, headers={"authorization": f"Bearer {key}"}, trust_env=False)


def test_the_action_installs_a_command_that_later_steps_find_and_no_python(job: Job) -> None:
    done = job.use(only="Install", without="")
    if done.status:
        programs.absent(done.said[-500:])
    (folder,) = job.path
    told = programs.run([f"{folder}/mockprovider", "--version"], ROOT, dict(os.environ))
    assert (told.returncode, [each.name for each in Path(folder).iterdir()]) == (0, ["mockprovider"])


def test_the_action_leads_the_steps_that_follow_to_a_provider(job: Job) -> None:
    assert job.installed().use(port="0").status == 0
    assert "speaking as openai" in _answer(job).text


def test_the_action_serves_what_it_is_told(job: Job) -> None:
    (job.temp / "rules.yaml").write_text("- then: {text: from a rule}\n")
    job.installed().use(profile="groq-like deepseek-like", rules="rules.yaml", port="0")
    assert "groq-like/openai/v1" in job.environment["OPENAI_BASE_URL"]
    assert "from a rule" in _answer(job, "llama-3.3-70b-versatile").text


def test_the_action_says_where_it_serves(job: Job) -> None:
    outputs = job.installed().use(profile="deepseek-like", port="0").outputs
    said = {"url": job.environment["MOCKPROVIDER_URL"], "base-url": job.environment["OPENAI_BASE_URL"]}
    assert (outputs, set(ACTION["outputs"])) == (said, set(said))


def test_the_action_leaves_a_key_alone_where_it_is_told_none(job: Job) -> None:
    job.installed().use(api_key="", port="0")
    assert "OPENAI_API_KEY" not in job.environment


def test_the_action_fails_with_the_reason_where_nothing_can_be_served(job: Job) -> None:
    done = job.installed().use(profile="opnai", port="0")
    assert (done.status, "did you mean 'openai'?" in done.said) == (1, True)


def test_the_action_refuses_a_command_that_it_does_not_know(job: Job) -> None:
    done = job.installed().use(command="stop")
    assert (done.status, "there are start and verify" in done.said) == (2, True)


@pytest.mark.parametrize(("allow", "status"), [("", 1), ("unused_rules unscripted", 0)])
def test_the_action_verifies_what_the_steps_before_have_used(allow: str, status: int, job: Job) -> None:
    (job.temp / "rules.yaml").write_text("- {when: {user: weather}, then: {text: sunny}}\n")
    job.installed().use(profile="openai", rules="rules.yaml", port="0")
    _answer(job)
    done = job.use(command="verify", allow=allow)
    assert (done.status, "unused_rules" in done.said) == (status, True)


def test_the_action_verifies_nothing_where_nothing_was_started(job: Job) -> None:
    done = job.installed().use(command="verify")
    assert (done.status, "nothing was started" in done.said) == (2, True)
