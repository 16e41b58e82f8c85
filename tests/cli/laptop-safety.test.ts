import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from "node:fs";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RunningCloud } from "../../testing/running-cloud";

/** An address on which a process listens. */
interface Listener {
  readonly address: string;
  readonly port: number;
}

/** Response of a server. */
interface Response {
  readonly status: number | undefined;
  readonly body: string;
}

const LISTENING = "0A";

// Reads the listening sockets from the kernel, which also finds servers that this test does not know.
(process.platform === "linux" ? describe : describe.skip)(
  "security of the machine that runs a local cloud",
  function () {
    this.timeout(120_000);

    let directory: string;
    let data: string;
    let cloud: RunningCloud;
    before(async () => {
      directory = mkdtempSync(join(tmpdir(), "laptop-safety-"));
      data = join(directory, "data");
      cloud = await RunningCloud.start("--data", data);
    });
    after(async () => {
      assert.equal(await cloud?.stop(), 0);
      rmSync(directory, { recursive: true, force: true });
    });

    it("listens on loopback addresses only", () => {
      for (const { address } of listenersOf(cloud.pid)) assert.match(address, /^127\./);
    });

    it("rejects a foreign host on every HTTP port and lists the allowed hosts", async () => {
      const listeners = listenersOf(cloud.pid).filter(
        ({ address, port }) => `${address}:${port}` !== cloud.addresses.dns,
      );
      // Console, AWS endpoint, CloudFront (HTTP and HTTPS); for each region: API, custom domains, DynamoDB, SQS with S3.
      assert.ok(listeners.length >= 12, JSON.stringify(listeners));
      for (const listener of listeners) {
        const { status, body } = await ask(listener, "evil.example");
        assert.equal(status, 403, `${listener.address}:${listener.port} answers ${status}: ${body}`);
        assert.match(body, /evil\.example.*Allowed are .*localhost/);
      }
    });

    it("serves its own names", async () => {
      const { console: url, regions, frontDoor } = cloud.addresses;
      for (const host of ["LOCALHOST", "127.0.0.1"]) {
        for (const address of [url, regions.ireland.api, regions.ireland.dynamodb, regions.ireland.s3]) {
          const listener = { address: "127.0.0.1", port: Number(new URL(address).port) };
          const { status } = await ask(listener, `${host}:${listener.port}`);
          assert.notEqual(status, 403, `${address} as ${host}`);
        }
      }
      for (const address of Object.values(frontDoor)) {
        const { host, port } = new URL(address);
        const { status } = await ask({ address: "127.0.0.1", port: Number(port) }, host);
        assert.notEqual(status, 403, address);
      }
    });

    it("creates files that only the owner can access", () => {
      const entries = readdirSync(data, { recursive: true, encoding: "utf8" }).map((name) =>
        join(data, name),
      );
      assert.ok(entries.length > 5);
      for (const entry of [data, ...entries]) {
        const stats = statSync(entry);
        assert.equal((stats.mode & 0o777).toString(8), stats.isDirectory() ? "700" : "600", entry);
      }
    });

    /** Sends a request over HTTP, or over TLS with a name that the server has a certificate for. */
    async function ask({ address, port }: Listener, host: string): Promise<Response> {
      const options = { host: address, port, path: "/", headers: { host }, agent: false } as const;
      try {
        return await responseOf(httpRequest(options));
      } catch {
        const ca = readFileSync(String(cloud.addresses.caFile));
        const names = Object.keys(cloud.addresses.names);
        const attempts = names.map((servername) => responseOf(httpsRequest({ ...options, ca, servername })));
        return Promise.any(attempts);
      }
    }
  },
);

async function responseOf(outgoing: ReturnType<typeof httpRequest>): Promise<Response> {
  outgoing.setTimeout(10_000, () => outgoing.destroy(new Error("no response within 10 s"))).end();
  const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
  let body = "";
  for await (const chunk of answer) body += String(chunk);
  return { status: answer.statusCode, body };
}

/** Returns the addresses on which a process listens: https://man7.org/linux/man-pages/man5/proc_pid_net.5.html */
function listenersOf(pid: number): Listener[] {
  const own = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
      try {
        return [readlinkSync(`/proc/${pid}/fd/${descriptor}`)];
      } catch {
        // The descriptor was closed in the meantime.
        return [];
      }
    }),
  );
  return ["tcp", "tcp6"].flatMap((protocol) => {
    const [, ...lines] = readFileSync(`/proc/${pid}/net/${protocol}`, "utf8").trim().split("\n");
    return lines
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => columns[3] === LISTENING && own.has(`socket:[${columns[9]}]`))
      .map(([, local]) => {
        const [address, port] = local.split(":");
        const bytes = [...Buffer.from(address, "hex")].reverse();
        return { address: protocol === "tcp" ? bytes.join(".") : address, port: parseInt(port, 16) };
      });
  });
}
