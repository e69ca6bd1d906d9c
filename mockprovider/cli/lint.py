"""`cassette lint`: whether recordings hold secrets, for a person, a pre-commit hook and CI."""

import json
from dataclasses import asdict
from pathlib import Path

import click


@click.command(epilog="""\b
Examples:
  mockprovider cassette lint tapes/
  mockprovider cassette lint tests/fixtures/*.yaml --allow 'sk-test-\\w+'
  mockprovider cassette lint tapes/ --json | jq -r '.[].kind' | sort | uniq -c
""")  # fmt: skip
@click.argument("paths", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="PATH...")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--allow", multiple=True, metavar="REGEX", help="What this matches is no secret; may be repeated.")
@click.pass_context
def lint(context: click.Context, paths: tuple[Path, ...], as_json: bool, allow: tuple[str, ...]) -> None:
    """Look for secrets that are left in cassettes, or in files of any kind.

    Exits with 0 where there are none, with 1 where there are.
    """
    from mockprovider.cassettes.secrets.credentials import compiled
    from mockprovider.cassettes.secrets.lint import lint as found_in

    found = found_in(paths, [compiled(pattern, "--allow") for pattern in allow])
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in found], indent=2))
    else:
        for finding in found:
            place = click.style(f"{finding.file}:{finding.line}:", bold=True)
            click.echo(f"{place} {finding.kind}: {finding.secret}")
        if found:
            files = len({finding.file for finding in found})
            click.echo(f"{len(found)} secrets in {files} files; docs/secrets.md says what to do about them", err=True)
    context.exit(1 if found else 0)
