import assert from "node:assert/strict";
import * as dgram from "node:dgram";
import { promises as dns } from "node:dns";
import { once } from "node:events";
import * as net from "node:net";
import * as packet from "dns-packet";
import type { LocalRoute53 } from "../../../../local/aws/route53/route53";
import { portOf, queryFor, startDns, takeFrames, type Response } from "./dns-support";
import { startRoute53 } from "./open-route53";

describe("DnsServer", () => {
  let route53: LocalRoute53;
  let resolver: dns.Resolver;
  let port: number;

  before(async () => {
    ({ route53, port } = await startDns());
    resolver = new dns.Resolver();
    resolver.setServers([route53.dnsAddress]);
  });

  after(() => route53.close());

  it("answers a Node resolver", async () => {
    const api = await resolver.resolve4("api.tickets.test", { ttl: true });
    assert.deepEqual(api, [{ address: "127.0.0.11", ttl: 60 }]);
    assert.deepEqual(await resolver.resolve4("www.tickets.test"), ["127.0.0.11"]);
    assert.deepEqual(await resolver.resolveCname("www.tickets.test"), ["api.tickets.test"]);
    assert.deepEqual(await resolver.resolve6("six.tickets.test"), ["::1"]);
    assert.equal((await resolver.resolveNs("tickets.test")).length, 4);
    assert.equal((await resolver.resolveSoa("tickets.test")).hostmaster, "awsdns-hostmaster.amazon.com");
    await assert.rejects(resolver.resolve6("api.tickets.test"), { code: "ENODATA" });
    await assert.rejects(resolver.resolve4("none.tickets.test"), { code: "ENOTFOUND" });
    await assert.rejects(resolver.resolve4("www.example.org"), { code: "EREFUSED" });
  });

  it("makes a resolver use TCP for an answer that exceeds a datagram", async () => {
    const texts = (await resolver.resolveTxt("large.tickets.test")).flat();
    assert.deepEqual(
      texts.map((text) => Number(text.replace(/^-+/, ""))),
      [...Array(40).keys()],
    );
  });

  it("answers every query of a TCP connection, for any division into packets", async () => {
    const names = ["api.tickets.test", "six.tickets.test", "none.tickets.test"];
    const bytes = Buffer.concat(names.map((name) => framed(queryFor({ name }))));
    const socket = net.connect(port, "127.0.0.1").setNoDelay();
    try {
      [bytes.subarray(0, 1), bytes.subarray(1, 50), bytes.subarray(50)].forEach((part) => socket.write(part));
      const responses: Response[] = [];
      let received: Buffer = Buffer.alloc(0);
      while (responses.length < names.length) {
        const [chunk] = await once(socket, "data", { signal: AbortSignal.timeout(20_000) });
        const { frames, rest } = takeFrames(Buffer.concat([received, chunk]));
        responses.push(...frames.map((frame) => packet.decode(frame) as Response));
        received = rest;
      }
      assert.deepEqual(
        responses.map(({ rcode }) => rcode),
        ["NOERROR", "NOERROR", "NXDOMAIN"],
      );
    } finally {
      socket.destroy();
    }
  });

  it("names the port in use, over TCP and over UDP", async () => {
    const message = new RegExp(`^Port ${port} on 127.0.0.1, needed for the DNS server, is in use`);
    await assert.rejects(startRoute53({ dnsPort: port }), { message });
    // A port that is free over TCP, because the server would otherwise report TCP.
    const tcp = net.createServer().listen(0, "127.0.0.1");
    await once(tcp, "listening");
    const udpPort = (tcp.address() as net.AddressInfo).port;
    const udp = dgram.createSocket("udp4");
    try {
      udp.bind(udpPort, "127.0.0.1");
      await once(udp, "listening");
      tcp.close();
      await once(tcp, "close");
      await assert.rejects(startRoute53({ dnsPort: udpPort }), {
        message: new RegExp(`^UDP port ${udpPort} on 127.0.0.1, needed for the DNS server, is in use`),
      });
    } finally {
      udp.close();
    }
  });

  it("closes while a client is connected, and releases its port", async () => {
    const first = await startRoute53();
    const socket = net.connect(portOf(first), "127.0.0.1");
    await once(socket, "connect");
    const closed = once(socket, "close");
    await first.close();
    await closed;
    const second = await startRoute53({ dnsPort: portOf(first) });
    await second.close();
  });
});

function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}
