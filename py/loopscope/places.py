"""Places in code: interned on the hot path by numbers alone, decoded to lines and names when a batch is sent.

    code   a code object                       the program's own, or a library's
    site   a code and an instruction in it     decoded to line and columns
    chain  sites from a task's outermost coroutine to the innermost one it awaits

A code object's hash walks its whole bytecode, so codes are keyed by ``id()`` and kept alive.
"""

from __future__ import annotations

import linecache
import sys
from collections.abc import Mapping
from types import CodeType, CoroutineType, GeneratorType
from typing import Any, Final

from .frames import HERE, is_of_ours, may_hide, parts
from .labels import wait_label
from .primitives import OWNERS

LASTI_BITS: Final = 17  # instructions of one function, in bytes: 128 kB


def _library_paths() -> set[str]:
    """Where the standard library and installed packages lie."""
    major, minor = sys.version_info[:2]
    if sys.platform == "emscripten":
        # What sysconfig says, too, which would make the memory that every visit loads larger.
        return {f"/lib/python{major}.{minor}", f"/lib/python{major}{minor}.zip"}
    import sysconfig

    names = ("stdlib", "platstdlib", "purelib", "platlib")
    return {path for name, path in sysconfig.get_paths().items() if name in names}


_LIBRARY: Final = (HERE, *_library_paths())


def is_library(filename: str) -> bool:
    """Whether code of this file is the standard library's, a package's or ours, not the program's."""
    return filename.startswith("<") or filename.startswith(_LIBRARY)


# A trie of await chains, of plain dicts: nothing is looked up faster. A node holds its chain's id under PATH, and what
# may come next by the id() of its code: a node for library code; for the program's own, a 1-tuple with a dict of nodes
# by instruction. Under CHAIN it has the same id if a chain that seems to end there does: what is awaited in an
# asynchronous generator is hidden from the quick walk, so the slow one, which finds the node without CHAIN, is taken.
_Node = dict[int, Any]
CHAIN: Final = 0
PATH: Final = -1


def _module_name(depth: int) -> str | None:
    frame = sys._getframe(depth + 1)
    name: str | None = frame.f_globals.get("__name__")
    return name


# From Python 3.12 on.
module_name = getattr(sys, "_getframemodulename", _module_name)


class Places:
    """The tables of one trace. ``site_of`` and ``chain_of`` are hot; ``take_meta`` is not."""

    def __init__(self) -> None:
        # id(code) → code id, negative for library code. 0 marks the frame below which nothing is the program's doing.
        self.own: dict[int, int] = {}
        self._codes: list[CodeType] = []
        self._passed: set[int] = (
            set()
        )  # ids of codes that count as a library's, in a module of the program's own
        # Module name → whether its code is the program's own; None: below its frames nothing is the program's doing.
        self._module_is_own: dict[str | None, bool | None] = {"loopscope.handles": None}
        self._sites: dict[int, int] = {}
        self._root: _Node = {CHAIN: 0, PATH: 0}
        self._nodes: list[_Node] = [self._root]  # by chain id
        self._chain_sites: list[list[int]] = [[]]
        # By chain id: at which frame of the chain, counted from 1, a method of a primitive waits; 0: at none.
        self.owner_depth: list[int] = [0]
        self._site_codes: list[tuple[int, int]] = [(0, 0)]  # site id → (code index, lasti)
        self._sent_codes = 0
        self._sent_sites = self._sent_chains = 1  # 0 stands for unknown

    def stop_at(self, code: CodeType) -> None:
        """Walks end at frames of ``code``: the one that runs handles."""
        self._codes.append(code)
        self.own[id(code)] = 0

    def add_code(self, code: CodeType) -> int:
        """Id of a code seen for the first time."""
        self._codes.append(code)
        number = len(self._codes)
        if is_library(code.co_filename):
            number = -number
        self.own[id(code)] = number
        return number

    def pass_over(self, code: CodeType) -> None:
        """``code`` hands on what its callers ask for: it counts as a library's."""
        if not is_library(code.co_filename):
            self.own[id(code)] = -abs(self.own_of(code))
            self._passed.add(id(code))

    def own_of(self, code: CodeType) -> int:
        """Id of ``code``, negative for a library's; 0 where walks end."""
        number = self.own.get(id(code))
        if number is None:
            # A class that is called runs a piece of code of no line, which is no function of anybody's.
            number = self.add_code(code) if code.co_firstlineno else -1
        return number

    @staticmethod
    def is_library(filename: str) -> bool:
        """As the function of that name."""
        return is_library(filename)

    def site(self, number: int, lasti: int) -> int:
        """Site id of instruction ``lasti`` of code id ``number`` (either sign)."""
        number = abs(number)
        key = number << LASTI_BITS | lasti
        site = self._sites.get(key)
        if site is None:
            site = self._sites[key] = len(self._site_codes)
            self._site_codes.append((number - 1, lasti))
        return site

    def code_of(self, site: int) -> tuple[CodeType, int]:
        """Code and instruction of a site."""
        index, lasti = self._site_codes[site]
        return self._codes[index], lasti

    def site_of(self, depth: int) -> int:
        """Site of the innermost frame of the program itself, ``depth`` or more frames below the caller's; 0: none."""
        depth += 1
        try:
            # A module's name is asked for without making a frame object, so library frames cost next to nothing.
            ours = self._module_is_own
            while not (own := ours[module_name(depth)]):
                if own is None:
                    return 0
                depth += 1
            frame = sys._getframe(depth)
            return self._sites[self.own[id(frame.f_code)] << LASTI_BITS | frame.f_lasti]
        except (KeyError, ValueError):
            return self.walk(sys._getframe(1))

    def walk(self, frame: Any) -> int:
        """``site_of``, from ``frame`` on, frame by frame, learning which modules are the program's own."""
        own = self.own
        while frame is not None:
            code = frame.f_code
            number = own.get(id(code))
            if number is None:
                number = self.add_code(code)
            if number == 0:
                return 0
            if id(code) not in self._passed:
                self._module_is_own.setdefault(frame.f_globals.get("__name__"), number > 0)
            if number > 0:
                return self.site(number, frame.f_lasti)
            frame = frame.f_back
        return 0

    def is_own(self, frame: Any) -> bool:
        """Whether the program itself, or a library it called, runs at ``frame``: not the tracer."""
        while frame is not None:
            code = frame.f_code
            if is_of_ours(code.co_filename):
                return False
            if (self.own.get(id(code)) or 0) > 0 or not is_library(code.co_filename):
                return True
            frame = frame.f_back
        return False

    def chain_of(self, coro: Any) -> int:
        """Chain id of a suspended coroutine's awaits; 0 for what has no coroutine frames."""
        if type(coro) is not CoroutineType:
            return self.whole_chain_of(coro) if may_hide(coro) else 0
        node: Any = self._root
        inner: Any = coro
        try:
            while type(inner) is CoroutineType:
                node = node[id(inner.cr_code)]
                # Asking a coroutine for its frame makes a frame object, which costs more than the rest of this walk.
                # Only the program's lines are told; of library code it is enough to know which coroutine it is.
                if type(node) is tuple:
                    node = node[0][inner.cr_frame.f_lasti]  # type: ignore[union-attr]
                inner = inner.cr_await
            return node[CHAIN]  # type: ignore[no-any-return]
        except (KeyError, AttributeError):
            return self.whole_chain_of(coro)

    def chain_of_task(self, task: Any) -> int:
        """Chain id of a suspended task's awaits: ``chain_of``, with its begin looked up when the task was made."""
        try:
            inner: Any = task._loopscope_coro
            node = task._loopscope_top
            if type(node) is tuple:
                node = node[0][inner.cr_frame.f_lasti]
            inner = inner.cr_await
            while type(inner) is CoroutineType:
                node = node[id(inner.cr_code)]
                if type(node) is tuple:
                    node = node[0][inner.cr_frame.f_lasti]  # type: ignore[union-attr]
                inner = inner.cr_await
            return node[0]  # type: ignore[no-any-return]  # CHAIN
        except (KeyError, AttributeError):
            return self.chain_of(task.get_coro())

    def remember(self, task: Any, coro: Any) -> None:
        """Keep on ``task`` where its await chains begin."""
        if type(coro) is CoroutineType:
            code = coro.cr_code
            self._child(self._root, code, self.own.get(id(code)) or self.add_code(code), 0)
            task._loopscope_coro = coro
            task._loopscope_top = self._root[id(code)]

    def whole_chain_of(self, coro: Any) -> int:
        """As ``chain_of``, step by step, into what hides frames too; adds the nodes that are missing."""
        node = self._root
        awaited = coro
        while (inner := parts(awaited)) is not None:
            code, frame, inside = inner
            number = self.own.get(id(code)) or self.add_code(code)
            if type(awaited) is not CoroutineType:
                if type(awaited) is GeneratorType and number < 0:
                    break  # how the library's own futures are awaited
                node.pop(CHAIN, None)
            if number > 0 and frame is None:
                break
            node = self._child(node, code, number, frame.f_lasti if number > 0 else 0)
            awaited = inside
        return node[PATH]  # type: ignore[no-any-return]

    def _child(self, node: _Node, code: CodeType, number: int, lasti: int) -> _Node:
        table, key = node, id(code)
        if number > 0:
            (table,), key = node.setdefault(key, ({},)), lasti
        child: _Node | None = table.get(key)
        if child is None:
            number_of_chain = len(self._chain_sites)
            child = table[key] = {CHAIN: number_of_chain, PATH: number_of_chain}
            self._nodes.append(child)
            path = [*self._chain_sites[node[PATH]], self.site(number, lasti)]
            self._chain_sites.append(path)
            owner = self.owner_depth[node[PATH]]
            if not owner and number < 0 and code.co_qualname in OWNERS:
                owner = len(path)
            self.owner_depth.append(owner)
        return child

    def child(self, chain: int, code: CodeType, lasti: int) -> int:
        """Chain id of ``chain`` and one more coroutine, at instruction ``lasti``."""
        number = self.own_of(code)
        return self._child(self._nodes[chain], code, number, lasti if number > 0 else 0)[PATH]  # type: ignore[no-any-return]

    @staticmethod
    def ends(awaited: Any) -> bool:
        """Whether an await chain ends at ``awaited``: nothing of it has a frame, nor hides one."""
        return not may_hide(awaited)

    def start_of(self, code: CodeType) -> int:
        """Chain id of a coroutine that has not begun: the place of its first line."""
        number = self.own.get(id(code)) or self.add_code(code)
        return self._child(self._root, code, number, 0)[PATH]  # type: ignore[no-any-return]

    def chain_through(self, frames: list[tuple[CodeType, int, int]]) -> int:
        """Chain id of frames of the program's own, outermost first: (code, code id, instruction); 0 for none."""
        node = self._root
        for code, number, lasti in frames:
            node = self._child(node, code, number, lasti)
        return node[PATH]  # type: ignore[no-any-return]

    def library_above(self, names: Mapping[str, Any], frame: Any) -> Any:
        """What ``names`` has for the first library function by qualified name, from ``frame`` to the program's own."""
        for _ in range(20):
            if frame is None:
                return None
            code = frame.f_code
            number = self.own.get(id(code))
            if number is None:
                number = self.add_code(code)
            if number >= 0:
                return None
            if code.co_qualname in names:
                return names[code.co_qualname]
            frame = frame.f_back
        return None

    def take_meta(self) -> dict[str, Any]:
        """Codes, sites and chains that were added since the last call, as in protocol.META."""
        meta: dict[str, Any] = {}
        codes = []
        for k in range(self._sent_codes, len(self._codes)):
            code = self._codes[k]
            own = int(self.own.get(id(code), -1) > 0)
            codes.append([k + 1, code.co_qualname, code.co_filename, code.co_firstlineno, own])
        self._sent_codes = len(self._codes)
        sites = []
        for k in range(self._sent_sites, len(self._site_codes)):
            index, lasti = self._site_codes[k]
            sites.append([k, index + 1, *position(self._codes[index], lasti)])
        self._sent_sites = len(self._site_codes)
        chains = []
        for k in range(self._sent_chains, len(self._chain_sites)):
            path = self._chain_sites[k]
            names = [self._name(site) for site in path]
            chains.append([k, path, *wait_label(names)])
        self._sent_chains = len(self._chain_sites)
        if codes:
            meta["codes"] = codes
        if sites:
            meta["sites"] = sites
        if chains:
            meta["chains"] = chains
        return meta

    def _name(self, site: int) -> tuple[str, bool]:
        code = self._codes[self._site_codes[site][0]]
        return code.co_qualname, self.own[id(code)] > 0


def position(code: CodeType, lasti: int) -> tuple[int, int, int, int]:
    """Line, end line, column and end column of an instruction; columns in characters from 0, -1 if unknown."""
    if lasti <= 0:
        return code.co_firstlineno, code.co_firstlineno, -1, -1
    for k, (line, end_line, column, end_column) in enumerate(code.co_positions()):
        if k == lasti // 2:
            break
    else:
        return code.co_firstlineno, code.co_firstlineno, -1, -1
    line = line or code.co_firstlineno
    end_line = end_line or line
    return line, end_line, _characters(code, line, column), _characters(code, end_line, end_column)


def _characters(code: CodeType, line: int, column: int | None) -> int:
    """The compiler counts columns in UTF-8 bytes; people and editors count characters."""
    if column is None:
        return -1
    text = linecache.getline(code.co_filename, line)
    return column if text.isascii() else len(text.encode()[:column].decode(errors="replace"))
