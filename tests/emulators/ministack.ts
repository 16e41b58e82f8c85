/*
 * MiniStack, an AWS emulator written in Python, in a process of its own.
 *
 *   describeWithMiniStack("DynamoDB", (miniStack) => {
 *     it("…", async () => {
 *       const client = new DynamoDBClient(miniStack().client("eu-west-1"));
 *     });
 *   });
 */
import { ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeIfUsable, KEPT_TOOLS } from "../support/optional-tools";
import { waitFor } from "../support/wait-for";

const PROJECT = join(__dirname, "..", "..");
/** Pins the packages that `.ci/run` installs. */
const REQUIREMENTS = join(".ci", "ministack", "requirements.txt");
const VERSION = String(/^ministack==(\S+)$/m.exec(readFileSync(join(PROJECT, REQUIREMENTS), "utf8"))?.[1]);
/** Folder of `pip install --target` in which `.ci/run` keeps the package. */
const FOLDER = join(KEPT_TOOLS, `ministack-${VERSION}`);
/** Time limit of a suite, in milliseconds. It does not measure speed. */
const TIMEOUT_MS = 5 * 60_000;

/** Options of an AWS client that calls the emulator. */
interface EmulatorClient {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/**
 * Defines a suite with an emulator that starts before its first test. Without MiniStack the suite is skipped, with the reason in its
 * name; in CI it fails.
 */
export function describeWithMiniStack(title: string, suite: (miniStack: () => MiniStack) => void): void {
  describeIfUsable(title, miniStackProblem(), function () {
    this.timeout(TIMEOUT_MS);
    let miniStack: MiniStack | undefined;
    before(async () => {
      miniStack = await MiniStack.start();
    });
    afterEach(function () {
      if (this.currentTest?.state === "failed") console.log(miniStack?.log().slice(-3000));
    });
    after(() => miniStack?.stop());
    suite(() => miniStack ?? notStarted());
  });
}

function notStarted(): never {
  throw new Error("MiniStack has not been started.");
}

/** Returns why MiniStack cannot be used, with the command that installs it; undefined if it can. */
function miniStackProblem(): string | undefined {
  const code = "import importlib.metadata as metadata; print(metadata.version('ministack'))";
  const { status, stdout, error } = spawnSync("python3", ["-c", code], {
    env: environment(),
    encoding: "utf8",
  });
  const install = `python3 -m pip install --target ${FOLDER} --requirement ${REQUIREMENTS}`;
  if (error) return `python3 cannot be run (${error.message})`;
  if (status !== 0) return `MiniStack is not installed: ${install}`;
  return stdout.trim() === VERSION
    ? undefined
    : `MiniStack ${stdout.trim()} is installed, not ${VERSION}: ${install}`;
}

/** Environment without settings for AWS, which MiniStack and its functions would use. */
function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: process.env.HOME, PYTHONPATH: FOLDER, PYTHONDONTWRITEBYTECODE: "1" };
}

/** A running MiniStack. It listens on 127.0.0.1 only, and keeps everything in memory. */
export class MiniStack {
  private readonly output: string[] = [];

  private constructor(
    private readonly child: ChildProcess,
    private readonly port: number,
    /** Temporary folder that is removed at the end. */
    readonly folder: string,
  ) {
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => this.output.push(text));
  }

  static async start(): Promise<MiniStack> {
    const folder = mkdtempSync(join(tmpdir(), "ministack-"));
    const port = await freePort();
    const child = spawn("python3", ["-m", "ministack"], {
      cwd: folder,
      // Its own group, so that the processes of its functions end with it.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...environment(),
        BIND_HOST: "127.0.0.1",
        GATEWAY_PORT: String(port),
        // These servers would listen on every address.
        IOT_MTLS_ENABLED: "0",
        SFTP_ENABLED: "0",
        // Functions find the AWS SDK here, as in the runtime of Lambda.
        NODE_PATH: join(PROJECT, "node_modules"),
        STATE_DIR: join(folder, "state"),
        TMPDIR: folder,
      },
    });
    const miniStack = new MiniStack(child, port, folder);
    try {
      await waitFor(() => miniStack.isReady(), { what: "MiniStack to start", withinMs: 60_000 });
    } catch (error) {
      await miniStack.stop();
      throw new Error(`MiniStack did not start:\n${miniStack.log()}`, { cause: error });
    }
    return miniStack;
  }

  /** URL of all services. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Returns the options of an AWS client of a region. */
  client(region: string): EmulatorClient {
    return { region, endpoint: this.url, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  }

  /** Deletes everything that it holds. */
  async reset(): Promise<void> {
    const response = await fetch(`${this.url}/_ministack/reset`, { method: "POST" });
    if (!response.ok)
      throw new Error(`MiniStack could not be reset: ${response.status} ${await response.text()}`);
  }

  /** Returns its output so far. */
  log(): string {
    return this.output.join("");
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      process.kill(-child.pid, "SIGKILL");
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async isReady(): Promise<boolean> {
    if (this.child.exitCode !== null) throw new Error(`It ended with ${this.child.exitCode}.`);
    return (await fetch(`${this.url}/_ministack/health`)).ok;
  }
}

/** Returns a port that is free now. MiniStack cannot choose one itself. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
