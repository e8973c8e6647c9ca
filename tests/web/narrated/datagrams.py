import asyncio


class P(asyncio.DatagramProtocol):
    def connection_made(self, t):
        self.t = t

    def datagram_received(self, data, addr):
        print("got", data)
        self.t.sendto(data.upper(), addr)


class C(asyncio.DatagramProtocol):
    def __init__(self, f):
        self.f = f

    def connection_made(self, t):
        t.sendto(b"hi")

    def datagram_received(self, data, addr):
        self.f.set_result(data)


async def main():
    loop = asyncio.get_running_loop()
    t, p = await loop.create_datagram_endpoint(P, local_addr=("127.0.0.1", 9999))
    f = loop.create_future()
    c, _ = await loop.create_datagram_endpoint(lambda: C(f), remote_addr=("127.0.0.1", 9999))
    print(await f)
    c.close()
    t.close()


asyncio.run(main())
