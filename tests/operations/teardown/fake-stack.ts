import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, afterEach, before, beforeEach } from "mocha";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { localClientConfig } from "../../../local/aws/local-client";
import { Regions } from "../../../local/aws/regions";
import { LocalFauxqs } from "../../../local/aws/sqs/fauxqs";

const REGION = "eu-west-1";

/** What the fake CLI does with a command. */
interface Behavior {
  /** Text on standard error. */
  readonly errors?: string;
  readonly code?: number;
  /** Whether a destroy deletes nothing and still exits with 0, as the engine does after Ctrl-C. */
  readonly isCancelled?: boolean;
  /** Whether the command ends without reading its standard input. */
  readonly readsNoInput?: boolean;
  /** Whether a destroy continues after a Ctrl-C in its preview, as the CLI does at the end of the preview. */
  readonly previewsThroughInterrupt?: boolean;
  /** URL to which a record is stored first, as a function does that still runs. */
  readonly put?: string;
}

/**
 * Pulumi CLI on the path: `stack export` prints the state, and every command is recorded with its standard input. Written in
 * JavaScript, because it runs outside this process.
 */
const SCRIPT = `#!${process.execPath}
const { appendFileSync, existsSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const args = process.argv.slice(2).filter((arg) => !/^(--non-interactive|--color|never|--stack|ireland)$/.test(arg));
const command = args.join(" ");
const file = join(__dirname, "behaviors");
const behaviors = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
const next = (behaviors[command] || []).shift() || {};
writeFileSync(file, JSON.stringify(behaviors));
const input = command === "stack import" && !next.readsNoInput ? readFileSync(0, "utf8") : undefined;
appendFileSync(join(__dirname, "calls"), JSON.stringify({ command, input }) + "\\n");
if (next.errors) process.stderr.write(next.errors);
else if (command === "stack export") process.stdout.write(readFileSync(join(__dirname, "state")));
const destroyed = () => writeFileSync(join(__dirname, "state"), JSON.stringify({ version: 3, deployment: {} }));
if (next.previewsThroughInterrupt) {
  process.once("SIGINT", () => {
    process.once("SIGINT", () => process.exit(0));
    console.log("Destroying (ireland):");
    setTimeout(() => (destroyed(), process.exit(0)), 10_000);
  });
  console.log("Previewing destroy (ireland):");
  setTimeout(() => process.exit(1), 60_000);
}
const isDone = command === "destroy --yes" && !next.code && !next.isCancelled && !next.previewsThroughInterrupt;
if (isDone) destroyed();
if (next.put) fetch(next.put, { method: "PUT", body: "{}" }).then(() => process.exit(next.code));
else process.exitCode = next.code || 0;
`;

/** Stack whose buckets are in a local S3, and whose Pulumi CLI is a fake. */
export class FakeStack {
  /** URL of S3. */
  url = "";
  private directory = "";
  private readonly path = process.env.PATH ?? "";
  private fauxqs?: LocalFauxqs;

  async start(): Promise<void> {
    this.fauxqs = await LocalFauxqs.start(new Regions([{ name: "ireland", code: REGION }]));
    this.url = this.fauxqs.endpoint(REGION);
  }

  async close(): Promise<void> {
    await this.fauxqs?.close();
  }

  open(): void {
    this.directory = mkdtempSync(join(tmpdir(), "pulumi-"));
    writeFileSync(join(this.directory, "pulumi"), SCRIPT, { mode: 0o755 });
    writeFileSync(join(this.directory, "calls"), "");
    process.env.PATH = this.directory + delimiter + this.path;
  }

  remove(): void {
    process.env.PATH = this.path;
    rmSync(this.directory, { recursive: true });
  }

  /** Leaves no Pulumi CLI on the path. */
  withoutCli(): void {
    process.env.PATH = "/nowhere";
  }

  /** Sets what the next runs of a command do, one after the other; then it succeeds. */
  behave(command: string, ...behaviors: readonly Behavior[]): void {
    writeFileSync(join(this.directory, "behaviors"), JSON.stringify({ [command]: behaviors }));
  }

  /** Sets the resources of the state. */
  deploy(resources: readonly object[], pending: readonly object[] = []): void {
    const deployment = { resources, pending_operations: pending, metadata: { kept: true } };
    writeFileSync(join(this.directory, "state"), JSON.stringify({ version: 3, deployment }));
  }

  /** Commands of the CLI so far, in order. */
  commands(): string[] {
    return this.calls().map(({ command }) => command);
  }

  /** State that `stack import` received. */
  imported(): { readonly deployment: { readonly resources: object[] } } {
    return JSON.parse(
      this.calls().find(({ command }) => command === "stack import")?.input ?? "null",
    ) as never;
  }

  /** Creates a bucket with objects. */
  async fill(bucket: string, count: number): Promise<void> {
    await fetch(`${this.url}/${bucket}`, { method: "PUT" });
    const client = new S3Client({
      ...localClientConfig({ region: REGION, endpoint: this.url }),
      forcePathStyle: true,
    });
    for (let index = 0; index < count; index++)
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: `key ${index}`, Body: "{}" }));
    client.destroy();
  }

  /** Number of objects in a bucket. */
  async objects(bucket: string): Promise<number> {
    const text = await (await fetch(`${this.url}/${bucket}?list-type=2`)).text();
    return Number(/<KeyCount>(\d+)</.exec(text)?.[1]);
  }

  private calls(): { readonly command: string; readonly input?: string }[] {
    const lines = readFileSync(join(this.directory, "calls"), "utf8").trimEnd().split("\n");
    return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as { command: string });
  }
}

/** Opens a new stack for every test of the current suite. */
export function useFakeStack(): FakeStack {
  const stack = new FakeStack();
  before(() => stack.start());
  beforeEach(() => stack.open());
  afterEach(() => stack.remove());
  after(() => stack.close());
  return stack;
}

/**
 * Resources of a state: a provider, and buckets by name.
 * @param endpoint endpoint of the provider; AWS by default.
 */
export function bucketResources(buckets: readonly string[], endpoint?: string): object[] {
  const provider = "urn:pulumi:ireland::tickets::pulumi:providers:aws::ireland";
  const endpoints = endpoint === undefined ? undefined : JSON.stringify([{ s3: endpoint }]);
  return [
    {
      ...{ urn: provider, type: "pulumi:providers:aws", id: "1", custom: true },
      inputs: { region: REGION, ...(endpoints && { endpoints }) },
    },
    ...buckets.map((name) => ({
      urn: `urn:pulumi:ireland::tickets::aws:s3/bucket:Bucket::${name}`,
      ...{ type: "aws:s3/bucket:Bucket", id: name, custom: true, provider: `${provider}::1` },
      outputs: { arn: `arn:aws:s3:::${name}` },
    })),
  ];
}
