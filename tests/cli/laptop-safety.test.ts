import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from "node:fs";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RunningCloud } from "../support/running-cloud";

/** Where a process listens. */
interface Listener {
  readonly address: string;
  readonly port: number;
}

/** What a server answered. */
interface Answer {
  readonly status: number | undefined;
  readonly body: string;
}

const LISTENING = "0A";

// Where a process listens is asked of the kernel, so that a server which is forgotten here is found too.
(process.platform === "linux" ? describe : describe.skip)("The machine that runs a local cloud", function () {
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

  it("refuses a foreign host at every HTTP port, and says what is allowed", async () => {
    const listeners = listenersOf(cloud.pid).filter(
      ({ address, port }) => `${address}:${port}` !== cloud.addresses.dns,
    );
    // Console, functions' endpoint, CloudFront twice, and of each region API, custom domains, DynamoDB, SQS with S3.
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

  it("keeps what it stores from other users", () => {
    const entries = readdirSync(data, { recursive: true, encoding: "utf8" }).map((name) => join(data, name));
    assert.ok(entries.length > 5);
    for (const entry of [data, ...entries]) {
      const stats = statSync(entry);
      assert.equal((stats.mode & 0o777).toString(8), stats.isDirectory() ? "700" : "600", entry);
    }
  });

  /** Asks over HTTP, or over TLS by a name that the server has a certificate for. */
  async function ask({ address, port }: Listener, host: string): Promise<Answer> {
    const options = { host: address, port, path: "/", headers: { host }, agent: false } as const;
    try {
      return await answerOf(httpRequest(options));
    } catch {
      const ca = readFileSync(String(cloud.addresses.caFile));
      const names = Object.keys(cloud.addresses.names);
      const asked = names.map((servername) => answerOf(httpsRequest({ ...options, ca, servername })));
      return Promise.any(asked);
    }
  }
});

async function answerOf(outgoing: ReturnType<typeof httpRequest>): Promise<Answer> {
  outgoing.setTimeout(10_000, () => outgoing.destroy(new Error("There is no answer."))).end();
  const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
  let body = "";
  for await (const chunk of answer) body += String(chunk);
  return { status: answer.statusCode, body };
}

/** Where a process listens: https://man7.org/linux/man-pages/man5/proc_pid_net.5.html */
function listenersOf(pid: number): Listener[] {
  const own = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
      try {
        return [readlinkSync(`/proc/${pid}/fd/${descriptor}`)];
      } catch {
        // It was closed in the meantime.
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
