import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { createServer as createHttpServer, type ServerResponse } from "node:http";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { closeServer, listen } from "../../local/aws/listen";
import { ProjectCopy } from "../../testing/project-copy";
import { Command } from "./command";

describe("error messages of npm start", function () {
  const commands: Command[] = [];
  const servers: Server[] = [];

  afterEach(async () => {
    await Promise.all(commands.splice(0).map((command) => command.dispose()));
    await Promise.all(servers.splice(0).map((server) => closeServer(server)));
  });

  function start(args: readonly string[], project?: string): Command {
    const command = new Command(args, project);
    commands.push(command);
    return command;
  }

  async function serve(server: Server): Promise<number> {
    servers.push(server);
    return listen(server, { port: 0, purpose: "a test" });
  }

  /** Listens on a port outside the system's range of free ports, so that no local cloud of another test uses a port nearby. */
  async function serveApart(
    server: Server,
    listenAt = (port: number) => listen(server, { port, purpose: "a test" }),
  ): Promise<number> {
    servers.push(server);
    for (let attempt = 1; ; attempt++)
      try {
        return await listenAt(20_000 + randomInt(10_000));
      } catch (error) {
        if (attempt === 10) throw error;
      }
  }

  /** Asserts one line on standard error, exit code 1, and no leftovers. */
  async function assertFails(command: Command, message: RegExp): Promise<void> {
    assert.equal(await command.exitCode(), 1, command.allOutput());
    assert.equal(command.errors.length, 1, command.allOutput());
    assert.match(command.errors[0], message);
    assert.deepEqual(command.leftovers(), []);
  }

  it("prints the options with --help", async () => {
    const command = start(["--help"]);
    assert.equal(await command.exitCode(), 0);
    assert.deepEqual(command.errors, []);
    assert.match(
      command.output.join("\n"),
      /^ {2}--no-domain .*\n(?: {20,}.*\n)* {2}--dynamodb-endpoint URL/m,
    );
  });

  it("rejects wrong options at once, in one line each", async () => {
    const rejected: readonly [args: string[], message: RegExp][] = [
      [["--color"], /^Unknown option '--color'\. See npm start -- --help\.$/],
      [["--port", "70000"], /^--port is "70000", but must be a whole number from 0 to 65000\.$/],
      [["--stack", "mars", "--port", "0"], /^There is no stack "mars"; the stacks are ireland, singapore\.$/],
    ];
    for (const [args, message] of rejected) {
      const command = start(args);
      await assertFails(command, message);
      assert.deepEqual(command.output, []);
    }
  });

  it("names a port in use, its purpose and the option that changes it", async () => {
    const taken = await serveApart(createServer((socket) => socket.destroy()));
    // The AWS endpoint is the first server that starts. Its port is three above the console's.
    await assertFails(
      start(["--port", String(taken - 3)]),
      new RegExp(`^Port ${taken} on 127\\.0\\.0\\.1, needed for .*, is in use\\..* --port\\.$`),
    );
  });

  it("names the local cloud that uses the ports, and other ports", async () => {
    const addresses = (): string =>
      JSON.stringify({ stack: "singapore", console: `http://localhost:${port}`, regions: {} });
    const other = createHttpServer((_, response) => response.end(addresses()));
    const port = await serveApart(other);
    const taken = createServer((socket) => socket.destroy());
    servers.push(taken);
    await listen(taken, { port: port + 3, purpose: "its endpoint" });
    const message = new RegExp(
      `^Another local cloud is running: stack singapore, console http://localhost:${port}\\. .* --port \\d+ --stack ireland `,
    );
    await assertFails(start(["--port", String(port)]), message);
    // A range that includes a port of the other cloud.
    await assertFails(start(["--port", String(port - 10)]), message);
  });

  it("names a local cloud that is starting on the ports", async () => {
    // A starting cloud has its AWS endpoint, but no console yet.
    const endpoint = createHttpServer((_, response) => response.end());
    const port = (await serveApart(endpoint)) - 3;
    const message = new RegExp(
      `^Another local cloud is starting: its console will be http://localhost:${port}\\. .* --port \\d+ --stack ireland `,
    );
    await assertFails(start(["--port", String(port)]), message);
    const taken = createServer((socket) => socket.destroy());
    servers.push(taken);
    await listen(taken, { port: port + 10 + 3, purpose: "a region's server of the starting cloud" });
    await assertFails(start(["--port", String(port + 10)]), message);
  });

  it("does not mistake another web server for a local cloud", async () => {
    const answers = [
      (response: ServerResponse) => void response.writeHead(403).end("Forbidden"),
      (response: ServerResponse) => void response.end(`{"detail":"The local cloud is something else."}`),
      (response: ServerResponse) => void response.destroy(),
      // Never responds.
      () => undefined,
    ];
    for (const answer of answers) {
      const other = createHttpServer((_, response: ServerResponse) => answer(response));
      // A server of the local cloud would reject the host of the probe.
      const port = await serveApart(other, async (free) => {
        await once(other.listen(free, "127.0.0.1"), "listening");
        return free;
      });
      await assertFails(start(["--port", String(port - 3)]), /^Port \d+ on 127\.0\.0\.1, needed for /);
    }
  });

  it("names the command that builds the web UI if it is not built", async () => {
    const copy = new ProjectCopy();
    try {
      for (const folder of ["dist", "src"]) rmSync(join(copy.folder, "ui", folder), { recursive: true });
      await assertFails(start(["--port", "0"], copy.folder), /^The web UI is not built: .* npm run build$/);
    } finally {
      copy.remove();
    }
  });

  it("names a --dynamodb-endpoint at which no DynamoDB responds", async () => {
    const closed = `http://127.0.0.1:${await serve(createServer((socket) => socket.destroy()))}`;
    await closeServer(servers.pop()!);
    const command = start(["--port", "0", "--dynamodb-endpoint", closed]);
    await assertFails(command, new RegExp(`^No DynamoDB responds at ${closed}`));
  });

  it("names a resource that cannot be created", async () => {
    const broken = createHttpServer((request, response) => {
      const operation = String(request.headers["x-amz-target"]).split(".")[1];
      const { status, body } = responseOfBrokenDynamoDB(operation);
      response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));
    });
    const url = `http://127.0.0.1:${await serve(broken)}`;
    await assertFails(
      start(["--port", "0", "--dynamodb-endpoint", url]),
      /^aws:dynamodb\/table:Table "(ireland|singapore)-(tickets|conflicts)" could not be created: ValidationException: No room for tables\.$/,
    );
  });
});

/** Returns the response of a DynamoDB that has no tables and rejects new ones. */
function responseOfBrokenDynamoDB(operation: string): { status: number; body: object } {
  if (operation === "ListTables") return { status: 200, body: { TableNames: [] } };
  if (operation === "ListStreams") return { status: 200, body: { Streams: [] } };
  if (operation === "DescribeTable")
    return { status: 400, body: { __type: "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException" } };
  return {
    status: 400,
    body: { __type: "com.amazon.coral.validate#ValidationException", message: "No room for tables." },
  };
}
