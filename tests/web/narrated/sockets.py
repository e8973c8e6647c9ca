import asyncio, socket


async def handle(reader, writer):
    try:
        data = await reader.readexactly(5)
    except asyncio.IncompleteReadError as e:
        print("incomplete", e.partial)
    writer.close()


async def main():
    server = await asyncio.start_server(handle, "127.0.0.1", 8888)
    a, b = socket.socketpair()
    a.setblocking(False)
    b.setblocking(False)
    loop = asyncio.get_running_loop()

    async def rd():
        print(await loop.sock_recv(b, 10))

    t = asyncio.create_task(rd())
    await asyncio.sleep(1)
    await loop.sock_sendall(a, b"hello")
    await t
    r, w = await asyncio.open_connection("127.0.0.1", 8888)
    w.write(b"abc")
    w.write_eof()
    await asyncio.sleep(1)
    w.close()
    try:
        async with asyncio.timeout(1):
            await server.serve_forever()
    except TimeoutError:
        print("over")
    try:
        await asyncio.open_connection("127.0.0.1", 1)
    except OSError as e:
        print(type(e).__name__)


asyncio.run(main())
