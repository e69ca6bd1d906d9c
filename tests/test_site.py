"""The site, built strictly: its links lead somewhere, and it needs nobody else's server."""

import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from filelock import FileLock

_ROOT = Path(__file__).parent.parent
_REPOSITORY = "https://github.com/mockprovider/mockprovider/blob/main/"
_LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href", "use": "href"}
"""What a browser fetches by itself, by the element, and where that says what."""


class _Page(HTMLParser):
    """What a page leads to, loads, and can be led to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.ids |= {each for each in (said.get("id"), said.get("name")) if each}
        if tag == "a" and (href := said.get("href")):
            self.links.append(href)
        if (address := said.get(_LOADED.get(tag, ""))) and said.get("rel") != "canonical":
            self.loaded.append(address)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The site, built once for all workers."""
    own = tmp_path_factory.getbasetemp()
    built = (own if worker_id == "master" else own.parent) / "site"
    with FileLock(built.with_suffix(".lock")):
        if not built.exists():
            line = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(built)]
            environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
            done = subprocess.run(line, cwd=_ROOT, env=environment, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
    return built


@pytest.fixture(scope="session")
def pages(site: Path) -> dict[Path, _Page]:
    return {path: _Page(path) for path in site.rglob("*.html")}


def _inner(page: _Page) -> list[tuple[Path, str]]:
    """Where links within the site lead: a file, and a place in it."""
    parts = [urlsplit(link) for link in page.links]
    inner = [part for part in parts if not part.scheme and not part.netloc and page.path.name != "404.html"]
    return [
        ((page.path.parent / unquote(part.path)).resolve() if part.path else page.path, unquote(part.fragment))
        for part in inner
    ]


def test_there_is_a_page_for_each_document(site: Path) -> None:
    documents = {path.relative_to(_ROOT / "docs").with_suffix(".html") for path in (_ROOT / "docs").rglob("*.md")}
    assert documents - {path.relative_to(site) for path in site.rglob("*.html")} == set()


def test_every_link_within_the_site_leads_to_a_file_and_a_place_in_it(pages: dict[Path, _Page]) -> None:
    def leads(target: Path, place: str) -> bool:
        return target.is_file() and (not place or target not in pages or place in pages[target].ids)

    broken = {
        (page.path.name, target.name, place)
        for page in pages.values()
        for target, place in _inner(page)
        if not leads(target / "index.html" if target.is_dir() else target, place)
    }
    assert broken == set()


def test_every_link_into_the_repository_leads_to_a_file(pages: dict[Path, _Page]) -> None:
    links = {link for page in pages.values() for link in page.links if link.startswith(_REPOSITORY)}
    assert links
    assert {link for link in links if not (_ROOT / urlsplit(link.removeprefix(_REPOSITORY)).path).exists()} == set()


def test_every_page_is_led_to_by_another(pages: dict[Path, _Page]) -> None:
    led = {target for page in pages.values() for target, _ in _inner(page) if target != page.path}
    assert {path.name for path in pages if path not in led and path.name != "404.html"} == set()


def test_nothing_is_loaded_from_another_host(pages: dict[Path, _Page]) -> None:
    loaded = {address for page in pages.values() for address in page.loaded}
    assert loaded
    assert {address for address in loaded if urlsplit(address).netloc} == set()


def test_no_style_loads_anything_from_another_host(site: Path) -> None:
    styles = [path.read_text(encoding="utf-8") for path in site.rglob("*.css")]
    assert styles
    assert [style for style in styles if "url(http" in style or "url(//" in style or "@import" in style] == []


def test_no_page_makes_a_script_ask_another_host(pages: dict[Path, _Page]) -> None:
    """The theme's script fetches a renderer where a page has a diagram, and a repository's stars where it is named."""
    marks = ('class="mermaid"', 'data-md-component="source"')
    assert [page.path.name for page in pages.values() if any(mark in page.path.read_text() for mark in marks)] == []
