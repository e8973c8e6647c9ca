"""Installs what a program needs before it runs, in the interpreter that will run it.

    wants ──▶ micropip resolves and installs ──▶ pins          the program starts
                 │ every byte through the page    └▶ Refused    it doesn't: the script block asks for what can't be
                 └ an import that can't be had: left to the program, whose import then says why

micropip (``web/src/runtime/packages.ts`` puts it there) chooses versions and unpacks wheels; what it leaves out is
done here: which Python a package needs, why one can't be had, and that nothing is asked for but the package index.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.abc
import importlib.util
import io
import json
import sys
from collections.abc import Awaitable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from site import getsitepackages
from typing import Any, Final, Protocol

from .requirements import Import, RequirementError, Script, canonical, imports, python_fits, script_block

INDEX: Final = "https://pypi.org/simple"
ERROR: Final = "PackageError"
# Where the page's worker puts micropip, as byte code.
MICROPIP: Final = "/lib/micropip.zip"

_PYTHON: Final = sys.version_info[:3]
_PYTHON_NAME: Final = ".".join(map(str, _PYTHON))
_NO_MICROPIP: Final = (
    "packages are installed before the program runs. Import them, or name them in a script block"
)


class Answer(Protocol):
    """What the page answers to a request. ``status`` is HTTP's; 0: nothing came, for the reason in ``problem``."""

    status: int
    type: str
    bytes: Any
    problem: str


class Page(Protocol):
    """The page's side, as JavaScript functions."""

    def fetch(self, url: str) -> Awaitable[Answer]: ...
    def tell(self, detail: str) -> None: ...


class Refused(Exception):
    """A package can't be had; the message is the reason. ``line`` is the program's, from 1; None where unknown."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.line = line


def wants(source: str) -> bool:
    """Whether the program asks for something that has to be looked for; cheap for programs that don't."""
    try:
        script = script_block(source)
    except RequirementError:
        return True
    if script and (script.dependencies or script.requires_python):
        return True
    return bool(_missing(imports(source)))


def install(page: Page, source: str, pins: Sequence[str]) -> asyncio.Task[str]:
    """Begin to install what ``source`` needs, with ``pins`` (``name==version``, from a link) where they are needed.

    The task's result is JSON: ``{requirements, loosened, problem}``. ``requirements`` are the pins of what was
    installed, ``loosened`` tells that the given ones couldn't be kept, ``problem`` is a ``program.Problem`` or null.
    """
    return _create_task(_install(page, source, list(pins)))


async def _install(page: Page, source: str, pins: list[str]) -> str:
    sys.path.append(MICROPIP)
    try:
        with _tasks_of_ours() as tasks:
            try:
                result = await _Installer(page, source, pins).run()
            except Exception as error:
                expected = isinstance(error, (Refused, RequirementError))
                reason = str(error) if expected else f"installing failed: {type(error).__name__}: {error}"
                problem = _problem(source, reason, getattr(error, "line", None))
                result = {"requirements": pins, "loosened": False, "problem": problem}
            # What goes on after a failure must not reach into the program's time.
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    finally:
        _forget_micropip()
    return json.dumps(result)


def _create_task(coro: Any, **options: Any) -> asyncio.Task[Any]:
    # With a name: a nameless one would take "Task-1" from the program.
    loop = asyncio.get_event_loop()
    return type(loop).create_task(loop, coro, **{**options, "name": options.get("name") or "install"})


@contextmanager
def _tasks_of_ours() -> Iterator[list[asyncio.Task[Any]]]:
    """The tasks that begin meanwhile."""
    loop: Any = asyncio.get_event_loop()
    tasks: list[asyncio.Task[Any]] = []

    def create_task(coro: Any, **options: Any) -> asyncio.Task[Any]:
        tasks.append(_create_task(coro, **options))
        return tasks[-1]

    loop.create_task = create_task
    try:
        yield tasks
    finally:
        del loop.create_task


def _problem(source: str, reason: str, line: int | None) -> dict[str, Any]:
    """A refusal as CPython shows a syntax error, for there is no call to trace back."""
    where = ""
    if line is not None:
        text = io.StringIO(source, newline=None).readlines()[line - 1].strip()
        where = f'  File "main.py", line {line}\n    {text}\n'
    text = f"{where}{ERROR}: {reason}\n"
    return {"type": ERROR, "message": reason, "text": text, "line": line}


def _missing(wanted: Iterable[Import]) -> list[Import]:
    def is_there(name: str) -> bool:
        if name == "micropip":
            return False  # here now, and gone when the program starts
        try:
            return name in sys.modules or importlib.util.find_spec(name) is not None
        except (ImportError, ValueError):
            return False

    return [item for item in wanted if not is_there(item.module)]


def _name(pin: str) -> str:
    return canonical(pin.partition("==")[0].strip())


def _forget_micropip() -> None:
    """The program finds no module that it didn't ask for."""
    sys.path.remove(MICROPIP)
    for name in [name for name in sys.modules if name.partition(".")[0] == "micropip"]:
        del sys.modules[name]


@dataclass
class _Project:
    """What the index says about one project: its versions, and those files that could run here but for one thing."""

    versions: list[str] = field(default_factory=list)
    # Wheels that would do but want another Python: file name → what they want.
    other_python: dict[str, str] = field(default_factory=dict)
    # Nothing is known about it, for this reason.
    trouble: str = ""


class _Installer:
    def __init__(self, page: Page, source: str, pins: list[str]) -> None:
        self.page = page
        self.source = source
        self.pins = pins
        self.loosened = False
        self.out_of_reach = False
        self.direct: list[str] = []
        self.projects: dict[str, _Project] = {}
        self.locked: dict[str, Any] = {}
        self.wheels: list[Any] = []
        self.compat = _compatibility(self)

    async def run(self) -> dict[str, Any]:
        script = script_block(self.source) or Script()
        if script.requires_python:
            self._check_python(script.requires_python, script.line)
        given = self.pins
        self.direct = [item.requirement for item in script.dependencies]
        self.pins = self._fitting(given)
        self.loosened = len(self.pins) < len(given)
        for item in script.dependencies:
            try:
                await self._choose(item.requirement)
                await self._unpack()
            except Refused as refused:
                raise Refused(str(refused), item.line) from None

        reasons: dict[str, str] = {}
        for wanted in _missing(imports(self.source)):
            try:
                if wanted.module == "micropip":
                    raise Refused(_NO_MICROPIP)
                await self._choose(wanted.distribution)
                await self._unpack()
            except Refused as refused:
                # `import a.b` looks for a first.
                reasons[wanted.module] = reasons[wanted.name.partition(".")[0]] = str(refused)
        found = {name: f"{name}=={item.version}" for name, item in self.locked.items()}
        if reasons:
            sys.meta_path.append(_Refusals(reasons))
            if self.out_of_reach:  # what couldn't be had now keeps its version for another time
                found = {**{_name(pin): pin for pin in given}, **found}
        return {"requirements": sorted(found.values()), "loosened": self.loosened, "problem": None}

    def _check_python(self, requires: str, line: int) -> None:
        try:
            fits = python_fits(requires, _PYTHON)
        except ValueError as error:
            raise RequirementError(f"requires-python: {error}", line) from None
        if not fits:
            raise Refused(f"the program asks for Python {requires}, and this is Python {_PYTHON_NAME}", line)

    def _fitting(self, pins: Iterable[str]) -> list[str]:
        """The pins that are pins, and that the program's own requirements allow: it may have been edited since."""
        from micropip._vendored.packaging.src.packaging.requirements import InvalidRequirement, Requirement

        def parse(text: str) -> Any:
            try:
                return Requirement(text)
            except InvalidRequirement:
                return None

        asked = {canonical(item.name): item.specifier for item in map(parse, self.direct) if item}
        kept = []
        for text in pins:
            pin = parse(text)
            if pin is None or pin.url:
                continue
            specifier = asked.get(canonical(pin.name))
            versions = [item.version for item in pin.specifier if item.operator == "=="]
            if not (specifier and versions) or specifier.contains(versions[0], prereleases=True):
                kept.append(text)
        return kept

    async def _choose(self, text: str) -> None:
        """Choose wheels for a requirement; with other versions where the pinned ones don't go with it."""
        try:
            await self._resolve(text)
        except Refused:
            if not self.pins:
                raise
            kept, self.pins = self.pins, []
            try:
                await self._resolve(text)
            except Refused:
                self.pins = kept
                raise
            self.loosened = True

    async def _resolve(self, text: str) -> None:
        """Choose wheels for a requirement and all it depends on, on top of what was chosen before."""
        from micropip._vendored.packaging.src.packaging.markers import default_environment
        from micropip._vendored.packaging.src.packaging.requirements import InvalidRequirement, Requirement
        from micropip.transaction import Transaction

        class Told(Transaction):  # type: ignore[misc]
            """micropip takes a ValueError for a missing wheel, and forgets what it said."""

            def check_version_satisfied(self, req: Any, **options: Any) -> Any:
                try:
                    return super().check_version_satisfied(req, **options)
                except ValueError:
                    there = self.locked[req.name].version
                    raise Refused(
                        f"{root.name} wants {req}, and {req.name} {there} is there already"
                    ) from None

        try:
            root = Requirement(text)
        except InvalidRequirement:
            raise Refused(f'{text!r} is no requirement. Write it like "anyio>=4"') from None
        if root.url:
            raise Refused(f"{root.name} has an address, and packages come from the package index alone")
        self.page.tell(f"Looking for {root.name}")
        transaction = Told(
            _compat_layer=self.compat,
            ctx=default_environment(),
            ctx_extras=[],
            keep_going=True,
            deps=True,
            pre=False,
            fetch_kwargs={},
            index_urls=[INDEX],
            # What is asked for counts wherever it comes up: nothing that another package needs may be at odds with it.
            constraints=[*self.pins, *self.direct],
            locked=dict(self.locked),
        )
        try:
            await transaction.gather_requirements([text])
        except OSError as error:
            raise Refused(str(error)) from None
        if transaction.failed:
            failed = transaction.failed[0]
            needed = "" if canonical(failed.name) == canonical(root.name) else f" ({root.name} needs it)"
            raise Refused(self._why(failed) + needed)
        self.locked = transaction.locked
        self.wheels += transaction.wheels

    async def _unpack(self) -> None:
        target = Path(getsitepackages()[0])
        wheels, self.wheels = self.wheels, []
        for wheel in wheels:
            self.page.tell(f"Installing {wheel.name} {wheel.version}")
            try:
                await wheel.install(target, self.compat)
            except RuntimeError as error:  # its checksum is not the index's
                raise Refused(f"{wheel.filename} was damaged on its way: {error}") from None
        if wheels:
            importlib.invalidate_caches()

    def _why(self, failed: Any) -> str:
        """Why no wheel was found for a requirement."""
        from micropip._vendored.packaging.src.packaging.utils import parse_wheel_filename
        from micropip._vendored.packaging.src.packaging.version import InvalidVersion, Version

        name = canonical(failed.name)
        project = self.projects.get(name, _Project(trouble="it wasn't looked for"))
        if project.trouble:
            return project.trouble
        versions = []
        for text in project.versions:
            try:
                versions.append(Version(text))
            except InvalidVersion:
                continue
        final = [version for version in versions if not version.is_prerelease] or versions
        if not final:
            return f"{name} has no release"
        wanted = list(failed.specifier.filter(versions))
        if not wanted:
            return f"there is no {name} {failed.specifier}; the newest is {max(final)}"
        newest = max(wanted)
        for filename, requires in project.other_python.items():
            if parse_wheel_filename(filename)[1] == newest:
                return f"{name} {newest} needs Python {requires}, and this is Python {_PYTHON_NAME}"
        return f"{name} {newest} can't run in a browser: it has no wheel in pure Python or for Pyodide"


def _compatibility(installer: _Installer) -> type[Any]:
    """micropip's way out, on ours."""
    from micropip._compat._compat_in_pyodide import CompatibilityInPyodide
    from micropip._utils import is_package_compatible

    class ThroughThePage(CompatibilityInPyodide):  # type: ignore[misc]
        lockfile_packages: dict[str, Any] = {}  # noqa: RUF012  # Pyodide's own distribution lies elsewhere

        @staticmethod
        async def fetch_bytes(url: str, options: dict[str, Any]) -> bytes:
            answer = await installer.page.fetch(url)
            if answer.status != 200:
                installer.out_of_reach = True
                raise OSError(answer.problem or f"{url} can't be had: the index answers with {answer.status}")
            data: bytes = answer.bytes.to_bytes()
            return data

        @staticmethod
        async def fetch_string_and_headers(url: str, options: dict[str, Any]) -> tuple[str, dict[str, str]]:
            name = canonical(url.rstrip("/").rpartition("/")[2])
            answer = await installer.page.fetch(url)
            if answer.status != 200:
                trouble = answer.problem or (
                    f"there is no package {name}"
                    if answer.status == 404
                    else f"the package index answers with {answer.status}"
                )
                installer.projects[name] = _Project(trouble=trouble)
                installer.out_of_reach |= answer.status != 404
                raise OSError(trouble)
            text = answer.bytes.to_bytes().decode()
            if answer.type.partition(";")[0] == "application/vnd.pypi.simple.v1+json":
                text = keep_usable(name, text)
            return text, {"content-type": answer.type}

    def keep_usable(name: str, text: str) -> str:
        data = json.loads(text)
        project = installer.projects[name] = _Project(data.get("versions", []))
        usable = []
        for file in data["files"]:
            filename = file["filename"]
            # The quick test first: some projects have thousands of files.
            if not filename.endswith(("-any.whl", "_wasm32.whl")) or not is_package_compatible(filename)[0]:
                continue
            requires = file.get("requires-python") or ""
            try:
                fits = python_fits(requires, _PYTHON)
            except ValueError:
                fits = True  # as pip: what can't be read forbids nothing
            if fits:
                usable.append(file)
            else:
                project.other_python[filename] = requires
        return json.dumps({**data, "files": usable})

    return ThroughThePage


class _Refusals(importlib.abc.MetaPathFinder):
    """Says at the import itself why a package isn't there: the program may do without it."""

    def __init__(self, reasons: dict[str, str]) -> None:
        self._reasons = reasons

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> None:
        reason = self._reasons.get(fullname)
        # importlib.util.find_spec asks whether it is there, and gets its None.
        if reason and sys._getframe(2).f_code.co_name != "find_spec":
            raise ModuleNotFoundError(f"No module named {fullname!r}: {reason}", name=fullname)
