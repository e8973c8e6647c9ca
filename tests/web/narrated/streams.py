import asyncio


async def serve(reader, writer):
    while data := await reader.readline():
        await asyncio.sleep(0.5)
        writer.write(data.upper())
        await writer.drain()
    writer.close()


async def client(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for word in (b"hello\n", b"again\n"):
        writer.write(word)
        await writer.drain()
        print(await reader.readline())
    writer.close()
    await writer.wait_closed()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        await asyncio.create_task(client(port))


asyncio.run(main())
