import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createHttpServer, type Server as HttpServer } from "node:http";
import { connect, createServer, Server, Socket } from "node:net";
import { closeServer, listen, listenInRegion } from "../../../local/aws/listen";
import { Regions } from "../../../local/aws/regions";
import { waitFor } from "../../support/wait-for";

describe("listen", () => {
  const servers: Server[] = [];
  const sockets: Socket[] = [];

  afterEach(async () => {
    sockets.splice(0).forEach((socket) => socket.destroy());
    await Promise.all(servers.splice(0).map((server) => closeServer(server)));
  });

  function newServer(): Server {
    const server = createServer((socket) => void socket.on("error", () => socket.destroy()));
    servers.push(server);
    return server;
  }

  async function connected(port: number): Promise<Socket> {
    const socket = connect(port, "127.0.0.1");
    sockets.push(socket);
    await once(socket, "connect");
    return socket;
  }

  it("returns the port, on loopback by default", async () => {
    const server = newServer();
    const port = await listen(server, { port: 0, purpose: "a test" });
    assert.deepEqual(server.address(), { address: "127.0.0.1", family: "IPv4", port });
  });

  it("accepts another loopback address", async () => {
    const server = newServer();
    await listen(server, { port: 0, host: "127.0.0.11", purpose: "a test" });
    assert.equal((server.address() as { address: string }).address, "127.0.0.11");
  });

  for (const host of ["0.0.0.0", "::", "192.168.1.1", "localhost"])
    it(`rejects ${host}, which is not a loopback address`, async () => {
      const server = newServer();
      await assert.rejects(listen(server, { port: 0, host, purpose: "a test" }), {
        message: `${host} is not a loopback address; the local cloud listens on 127.0.0.0/8 only.`,
      });
      assert.equal(server.listening, false);
    });

  it("names the port in use, its purpose and the fix", async () => {
    const port = await listen(newServer(), { port: 0, purpose: "a test" });
    await assert.rejects(listen(newServer(), { port, purpose: "the console" }), {
      message:
        `Port ${port} on 127.0.0.1, needed for the console, is in use. ` +
        "Stop the program that uses it, or choose other ports with --port.",
    });
  });

  describe("in a region", () => {
    let regions: Regions;
    let server: Server;
    let port: number;

    beforeEach(async () => {
      regions = new Regions([
        { name: "ireland", code: "eu-west-1" },
        { name: "singapore", code: "ap-southeast-1" },
      ]);
      server = newServer();
      port = await listenInRegion(server, regions, "eu-west-1", { port: 0, purpose: "a test" });
    });

    it("drops connections and refuses new ones while the region is down, and uses the same port afterwards", async () => {
      const socket = await connected(port);
      regions.setState("ireland", "down");
      await once(socket, "close");
      await assert.rejects(connected(port), { code: "ECONNREFUSED" });

      regions.setState("ireland", "up");
      await waitFor(() => connected(port).catch(() => undefined), { what: "the server to be back" });
    });

    it("keeps listening while another region is down, and while the region is isolated", async () => {
      const socket = await connected(port);
      regions.setState("singapore", "down");
      regions.setState("ireland", "isolated");
      await connected(port);
      assert.equal(socket.closed, false);
    });

    it("listens again when a region that was down becomes isolated", async () => {
      regions.setState("ireland", "down");
      regions.setState("ireland", "isolated");
      await waitFor(() => connected(port).catch(() => undefined), { what: "the server to be back" });
    });

    it("stays closed after closeServer in every state of the region", async () => {
      await closeServer(server);
      regions.setState("ireland", "isolated");
      regions.setState("ireland", "up");
      await assert.rejects(connected(port), { code: "ECONNREFUSED" });
    });

    it("stays closed when it is closed while the region is down", async () => {
      regions.setState("ireland", "down");
      await closeServer(server);
      regions.setState("ireland", "up");
      assert.equal(regions.listenerCount("change"), 0);
      await assert.rejects(connected(port), { code: "ECONNREFUSED" });
    });

    it("warns while another program uses the port, and listens again as soon as it is free", async () => {
      regions.setState("ireland", "down");
      const intruder = newServer();
      await listen(intruder, { port, purpose: "a test" });
      const warning = once(process, "warning") as Promise<[Error]>;
      regions.setState("ireland", "up");
      assert.match((await warning)[0].message, new RegExp(`^Port ${port} .* is in use`));

      await closeServer(intruder);
      await waitFor(() => server.listening, { what: "the server to be back" });
    });
  });

  describe("with a request that has no response yet", () => {
    let http: HttpServer;
    let respond: (() => void) | undefined;
    let pending: Promise<Response>;

    beforeEach(async () => {
      respond = undefined;
      http = createHttpServer((_, response) => (respond = () => response.end("late")));
      servers.push(http);
      const port = await listen(http, { port: 0, purpose: "a test" });
      pending = fetch(`http://127.0.0.1:${port}`, { headers: { connection: "close" } });
      pending.catch(() => undefined);
      await waitFor(() => respond, { what: "the request" });
    });

    it("closes after the response, within the given time", async () => {
      const closed = closeServer(http, 60_000);
      respond?.();
      assert.equal(await (await pending).text(), "late");
      await closed;
    });

    it("closes without the response after the given time", async () => {
      await closeServer(http, 20);
      await assert.rejects(pending);
    });

    it("closes at once by default", async () => {
      await closeServer(http);
      await assert.rejects(pending);
    });
  });

  it("closes servers, also one that never listened", async () => {
    const server = newServer();
    await closeServer(server);
    const port = await listen(server, { port: 0, purpose: "a test" });
    await closeServer(server);
    await assert.rejects(connected(port), { code: "ECONNREFUSED" });
  });
});
