import asyncio


async def serve(r, w):
    while data := await r.readline():
        await asyncio.sleep(0.5)
        w.write(data.upper())
        await w.drain()
    w.close()


async def client(port, n):
    r, w = await asyncio.open_connection("127.0.0.1", port)
    for k in range(n):
        w.write(b"hello\n")
        await w.drain()
        print(await r.readline())
    w.close()
    await w.wait_closed()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        await asyncio.gather(client(port, 2), client(port, 3))


asyncio.run(main())
