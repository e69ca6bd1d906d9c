"""What the site needs beyond Markdown: links out of docs/ lead to the repository."""

import re
from pathlib import Path
from typing import Any

_DOCS = Path(__file__).parent.parent
_REPOSITORY = "https://github.com/mockprovider/mockprovider/blob/main/"


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """A link to a file that is no page leads to the file in the repository."""
    folder = (_DOCS / page.file.src_uri).parent

    def led(link: re.Match[str]) -> str:
        target = (folder / link[1]).resolve()
        if target.is_relative_to(_DOCS):
            return link[0]
        return f"]({_REPOSITORY}{target.relative_to(_DOCS.parent).as_posix()}{link[2] or ''})"

    return re.sub(r"\]\((?!https?:)([^)#]+)(#[^)]*)?\)", led, markdown)
