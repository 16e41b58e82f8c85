import assert from "node:assert/strict";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { closeServer, listen } from "../../../local/aws/listen";
import { announceChange, findAccount } from "../../../local/engine-command/attach";
import type { EngineAccount } from "../../../local/engine-command/engine-account";
import { readEngineCommandLine, type EngineCommandLine } from "../../../local/engine-command/options";

const ACCOUNT: EngineAccount = {
  ...{ stack: "ireland", domain: "tickets.test", speed: 1, regions: [] },
  ...{ debugProviders: "aws:1,awsx:2", workDirectory: "/w", backend: "/b", home: "/h" },
};

describe("findAccount", () => {
  let server: Server | undefined;
  let port: number;

  afterEach(async () => {
    if (server) await closeServer(server);
    server = undefined;
  });

  async function serve(respond: RequestListener): Promise<void> {
    server = createServer(respond);
    port = await listen(server, { port: 0, purpose: "a fake console" });
  }

  function commandLine(stack = "ireland"): EngineCommandLine {
    return readEngineCommandLine(["preview", "--stack", stack, "--port", String(port)])!;
  }

  it("returns what the console describes", async () => {
    const asked: unknown[] = [];
    await serve((request, response) => {
      asked.push([request.method, request.url, request.headers.host]);
      response.end(JSON.stringify(ACCOUNT));
    });
    assert.deepEqual(await findAccount(commandLine()), ACCOUNT);
    assert.deepEqual(asked, [["GET", "/engine", `localhost:${port}`]]);
  });

  it("returns nothing if nothing uses the port", async () => {
    await serve(() => undefined);
    await closeServer(server!);
    server = undefined;
    assert.equal(await findAccount(commandLine()), undefined);
  });

  it("rejects another stack and names both remedies", async () => {
    await serve((_, response) => response.end(JSON.stringify(ACCOUNT)));
    await assert.rejects(findAccount(commandLine("singapore")), {
      message:
        `The local cloud at http://localhost:${port} runs the stack ireland. Use --stack ireland, or start another local cloud: ` +
        `npm run local:pulumi -- up --stack singapore --port ${port + 100}`,
    });
  });

  it("rejects a local cloud of npm start", async () => {
    await serve((_, response) => {
      response.statusCode = 404;
      response.end(JSON.stringify({ detail: "Nothing is served at /engine. Paths: /, /state." }));
    });
    await assert.rejects(findAccount(commandLine()), /was started without the Pulumi engine, by npm start/);
  });

  it("rejects another web server", async () => {
    await serve((_, response) => response.end("<html>"));
    await assert.rejects(findAccount(commandLine()), {
      message: `Another program uses port ${port}. Choose another port with --port.`,
    });
  });

  it("rejects a program that does not speak HTTP", async () => {
    const tcp = createTcpServer((socket) => socket.on("error", () => undefined).end("hello\n"));
    port = await new Promise<number>((resolve) =>
      tcp.listen(0, "127.0.0.1", () => resolve((tcp.address() as { port: number }).port)),
    );
    try {
      await assert.rejects(
        findAccount(commandLine()),
        new RegExp(`^Error: Another program uses port ${port} \\(`),
      );
    } finally {
      tcp.close();
    }
  });

  describe("announceChange", () => {
    it("tells the console to read the outputs", async () => {
      const asked: unknown[] = [];
      await serve((request, response) => {
        asked.push([request.method, request.url, request.headers["content-type"]]);
        response.end("{}");
      });
      await announceChange(port);
      assert.deepEqual(asked, [["POST", "/engine", "application/json"]]);
    });

    it("rejects with the console's problem", async () => {
      await serve((_, response) => {
        response.statusCode = 500;
        response.end("no outputs");
      });
      await assert.rejects(announceChange(port), {
        message: "The local cloud could not read the stack's outputs: no outputs",
      });
    });
  });
});
