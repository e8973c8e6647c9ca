"""Random programs over several connections at once: every callback in CPython's order.

Each seed makes a program: servers and clients that write, pause, close, abort and end at random turns of the loop. The
log of all its callbacks is compared with that of CPython's own loop over the machine's loopback, where the order in
which sockets become ready is the kernel's.
"""

from __future__ import annotations

import json

from network_runs import in_pyodide, on_cpython, on_loopscope

SEEDS = range(60)

PROGRAM = """
import asyncio
import io
import json
import random

def run(seed):
    chance = random.Random(seed)
    out = io.StringIO()
    everyone = []
    written = 0

    def log(*what):
        print(*what, file=out)

    class Member(asyncio.Protocol):
        def __init__(self, name):
            self.name = name
            self.keeps_open = chance.random() < 0.4
            self.echoes = chance.random() < 0.3
            self.lost = False

        def connection_made(self, transport):
            self.t = transport
            everyone.append(self)
            log(self.name, "connection_made")

        def data_received(self, data):
            log(self.name, "data_received", len(data), data[:8])
            if self.echoes and written < 60:
                act(self, "write")

        def eof_received(self):
            log(self.name, "eof_received")
            return self.keeps_open

        def connection_lost(self, error):
            self.lost = True
            log(self.name, "connection_lost", repr(error))

    def act(member, what):
        nonlocal written
        if member.lost:
            return
        t = member.t
        try:
            if what == "write":
                written += 1
                t.write(b"%d:" % written * chance.choice([1, 1, 3, 100]))
            else:
                getattr(t, what)()
        except (RuntimeError, OSError) as error:
            log(member.name, type(error).__name__)

    ACTS = ["write"] * 8 + ["close", "write_eof", "pause_reading", "resume_reading", "resume_reading", "abort"]

    async def main():
        loop = asyncio.get_running_loop()
        numbers = iter(range(1000))
        servers = []
        for _ in range(chance.choice([1, 1, 2])):
            servers.append(await loop.create_server(lambda: Member(f"s{next(numbers)}"), "127.0.0.1", 0))
        ports = [server.sockets[0].getsockname()[1] for server in servers]

        async def connect(k):
            for _ in range(chance.randrange(3)):
                await asyncio.sleep(0)
            await loop.create_connection(lambda: Member(f"c{k}"), "127.0.0.1", ports[k % len(ports)])

        async def actor():
            for turn in range(chance.randrange(10, 40)):
                for _ in range(chance.randrange(3) if everyone else 0):
                    member, what = chance.choice(everyone), chance.choice(ACTS)
                    log("*", member.name, what)
                    act(member, what)
                await asyncio.sleep(0)
                log("turn", turn)

        connecting = [connect(k) for k in range(chance.choice([1, 2, 3, 5]))]
        await asyncio.gather(*connecting, *(actor() for _ in range(chance.choice([1, 1, 2]))))
        await asyncio.sleep(0.01)
        for member in everyone:
            log("end", member.name, member.lost, member.t.is_closing(), member.lost or member.t.is_reading())
        for server in servers:
            server.close()
        for member in everyone:
            act(member, "resume_reading")
        await asyncio.sleep(0.01)
        for member in everyone:
            act(member, "close")
        await asyncio.sleep(0.01)
        for member in everyone:
            log("end", member.name, member.lost)

    asyncio.run(main())
    return out.getvalue()

for seed in SEEDS:
    print(json.dumps(run(seed)))
""".replace("SEEDS", f"range({SEEDS.start}, {SEEDS.stop})")


def check(lines: list[str]) -> None:
    expected = on_cpython(PROGRAM)
    assert len(expected) == len(SEEDS)
    for seed, ours, theirs in zip(SEEDS, lines, expected, strict=True):
        assert json.loads(ours).splitlines() == json.loads(theirs).splitlines(), f"seed {seed}"


def test_random_programs_run_as_on_cpython() -> None:
    check(on_loopscope(PROGRAM))


def test_and_so_in_pyodide() -> None:
    check(in_pyodide((PROGRAM,))[0])
