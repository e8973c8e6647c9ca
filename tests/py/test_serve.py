"""Matching of netlify.toml's rules, and the files that answer a path."""

from __future__ import annotations

from pathlib import Path

import pytest
from netlify_headers import Rule, headers_for, read_rules
from serve import accepts_brotli, find_file


@pytest.mark.parametrize(
    ("rule", "path", "matches"),
    [
        ("/*", "/", True),
        ("/*", "/a/b.js", True),
        ("/assets/*", "/assets/a.js", True),
        ("/assets/*", "/assets/deep/a.js", True),
        ("/assets/*", "/assets", True),
        ("/assets/*", "/asset/a.js", False),
        ("/assets/*", "/x/assets/a.js", False),
        ("/page", "/page/", True),
        ("/page", "/pages", False),
        ("/:name/x", "/anything/x", True),
        ("/:name/x", "/a/b/x", False),
        ("/*.html", "/embed.html", True),
        ("/*.html", "/", False),
        ("/a.b", "/a.b", True),
        ("/a.b", "/aXb", False),
        ("/Page", "/page", True),
    ],
)
def test_a_rule_matches_as_on_netlify(rule: str, path: str, matches: bool) -> None:
    assert Rule(rule, {}).matches(path) is matches


def test_later_rules_override_earlier_ones_header_by_header() -> None:
    rules = [
        Rule("/*", {"Cache-Control": "no-cache", "X-A": "1"}),
        Rule("/assets/*", {"cache-control": "immutable"}),
    ]
    assert headers_for("/", rules) == {"Cache-Control": "no-cache", "X-A": "1"}
    assert headers_for("/assets/x", rules) == {"cache-control": "immutable", "X-A": "1"}


def test_values_are_normalised_as_on_netlify(tmp_path: Path) -> None:
    toml = tmp_path / "netlify.toml"
    toml.write_text(
        '[[headers]]\nfor = " /* "\n[headers.values]\nA = """\n x ,\n y"""\nB = [" one ", "two"]\n',
        encoding="utf-8",
    )
    assert read_rules(toml) == [Rule("/*", {"A": "x, y", "B": "one, two"})]


def test_the_sites_policy_allows_no_inline_script_or_style_and_no_eval() -> None:
    policy = headers_for("/", read_rules())["Content-Security-Policy"]
    assert "'unsafe-inline'" not in policy
    assert "'unsafe-eval'" not in policy
    assert "default-src 'none'" in policy


def test_find_file(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "docs").mkdir(parents=True)
    for name in ["index.html", "embed.html", "a.js", "docs/index.html"]:
        (site / name).write_text(name)
    (tmp_path / "secret").write_text("")
    expected = {
        "/": "index.html",
        "/a.js": "a.js",
        "/embed": "embed.html",
        "/docs/": "docs/index.html",
        "/missing": None,
        "/../secret": None,
        "//etc/passwd": None,
        "/a\0.js": None,
    }
    found = {path: find_file(site, path) for path in expected}
    assert {path: file and file.relative_to(site).as_posix() for path, file in found.items()} == expected


@pytest.mark.parametrize(
    ("header", "accepts"),
    [
        ("br", True),
        ("gzip, deflate, br, zstd", True),
        ("gzip;q=1, br;q=0.5", True),
        ("br;q=0", False),
        ("", False),
    ],
)
def test_brotli_is_negotiated(header: str, accepts: bool) -> None:
    assert accepts_brotli(header) is accepts
