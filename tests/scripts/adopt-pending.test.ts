import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SCRIPT = join(__dirname, "..", "..", "scripts", "adopt-pending.js");
const TABLE = "urn:pulumi:ireland::tickets::aws:dynamodb/table:Table::tickets";
const STAGE = "urn:pulumi:ireland::tickets::aws:apigatewayv2/stage:Stage::api";
const ROUTE = "urn:pulumi:ireland::tickets::aws:apigatewayv2/route:Route::api";
const INPUTS = { name: "tickets-0a1b2c3", __defaults: ["name"] };

/** Resource in a state, as far as the script reads it. */
const resource = (urn: string, more: object = {}) => ({
  ...{ urn, type: urn.split("::")[2], custom: true, inputs: {} },
  ...more,
});
const creating = (urn: string, more?: object) => ({ type: "creating", resource: resource(urn, more) });
const STATE = {
  version: 3,
  deployment: {
    manifest: { version: "v3.260.0" },
    resources: [resource(ROUTE, { id: "old" })],
    pending_operations: [
      creating(TABLE, { inputs: INPUTS, protect: true }),
      creating(STAGE),
      creating(ROUTE),
      creating("urn:pulumi:ireland::tickets::tickets:regional:TicketTable::tickets", { custom: false }),
      creating("urn:pulumi:ireland::tickets::pulumi:providers:aws::ireland"),
      { type: "updating", resource: resource(ROUTE) },
    ],
  },
};

describe("scripts/adopt-pending.js", () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "adopt-pending-"));
    file = join(folder, "state.json");
    writeFileSync(file, JSON.stringify(STATE));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function run(...args: string[]): { stdout: string; stderr: string; status: number | null } {
    return spawnSync(process.execPath, [SCRIPT, ...args], { encoding: "utf8" });
  }

  it("ends without a stack trace when the reader of its output closes it", async () => {
    // The text is larger than a pipe's buffer, so that it cannot be written at once.
    writeFileSync(file, JSON.stringify({ ...STATE, text: "x".repeat(1_000_000) }));
    const child = spawn(process.execPath, [SCRIPT, file, `${TABLE}=tickets-0a1b2c3`], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let errors = "";
    child.stderr.on("data", (text) => (errors += String(text)));
    child.stdout.destroy();
    const [code] = (await once(child, "close")) as [number | null];
    assert.deepEqual([errors, code], ["", 1]);
  });

  it("lists the pending creations of AWS resources with their generated names", () => {
    const { stdout, status } = run(file);
    assert.equal(stdout, `${TABLE}  name tickets-0a1b2c3\n${STAGE}\n${ROUTE}  (in the state already: old)\n`);
    assert.equal(status, 0);
    writeFileSync(file, JSON.stringify({ deployment: {} }));
    assert.equal(run(file).stdout, "No creation is pending.\n");
  });

  it("writes the state with the adopted resources, unchanged except for id and outputs", () => {
    const { stdout, status } = run(file, `${TABLE}=tickets-0a1b2c3`, `${STAGE}=$default`);
    assert.equal(status, 0);
    const { resources, pending_operations: pending, ...rest } = STATE.deployment;
    assert.deepEqual(JSON.parse(stdout), {
      version: 3,
      deployment: {
        ...rest,
        resources: [
          ...resources,
          resource(TABLE, { inputs: INPUTS, protect: true, id: "tickets-0a1b2c3", outputs: INPUTS }),
          resource(STAGE, { id: "$default", outputs: {} }),
        ],
        pending_operations: pending.slice(2),
      },
    });
  });

  it("prints how to use it", () => {
    for (const args of [[], ["--help"]]) {
      const { stdout, status } = run(...args);
      assert.match(stdout, /node scripts\/adopt-pending\.js FILE URN=ID/);
      assert.equal(status, 0);
    }
  });

  const rejected: readonly [args: string[], message: RegExp][] = [
    [["state.json"], /^state\.json cannot be read: /],
    [["FILE", "tickets"], /^"tickets" is not of the form URN=ID\.$/],
    [["FILE", `${TABLE}=`], /is not of the form URN=ID\.$/],
    [["FILE", `${TABLE}x=1`], /^The creation of urn:.*ticketsx is not pending\. List the pending ones/],
    [["FILE", `${TABLE}=1`, `${TABLE}=2`], /^urn:.*tickets is given twice\.$/],
    [
      ["FILE", `${ROUTE}=1`],
      /^urn:.*api is in the state already, with the id old\. Keep that resource, and delete/,
    ],
  ];
  for (const [args, message] of rejected)
    it(`rejects ${args.join(" ")}`, () => {
      const { stdout, stderr, status } = run(...args.map((arg) => (arg === "FILE" ? file : arg)));
      assert.match(stderr.trim(), message);
      assert.deepEqual([stdout, status], ["", 1]);
    });

  describe("with two pending creations of one URN", () => {
    const other = creating(TABLE, { inputs: { ...INPUTS, name: "tickets-4d5e6f7" } });
    const pending = [STATE.deployment.pending_operations[0], other];
    beforeEach(() => writeFileSync(file, JSON.stringify({ deployment: { pending_operations: pending } })));

    it("adopts the one with the generated name, and keeps the other pending", () => {
      const { deployment } = JSON.parse(run(file, `${TABLE}=tickets-0a1b2c3`).stdout) as typeof STATE;
      assert.deepEqual(
        deployment.resources.map(({ inputs }) => inputs),
        [INPUTS],
      );
      assert.deepEqual(deployment.pending_operations, [other]);
    });

    it("rejects an id that fits none of them", () => {
      const { stderr, status } = run(file, `${TABLE}=tickets`);
      assert.match(
        stderr,
        /is pending 2 times, and tickets does not end with the generated name of exactly one/,
      );
      assert.equal(status, 1);
    });
  });

  it("reads UTF-16 and UTF-8 with a byte order mark", () => {
    const expected = run(file).stdout;
    for (const encoding of ["utf16le", "utf8"] as const) {
      writeFileSync(file, `\uFEFF${JSON.stringify(STATE)}`, { encoding });
      assert.equal(run(file).stdout, expected);
    }
  });

  for (const content of [
    "[]",
    '{"deployment":[]}',
    '{"deployment":{"resources":{}}}',
    '{"deployment":{"pending_operations":{}}}',
    '{"deployment":{"pending_operations":[null]}}',
    '{"deployment":{"pending_operations":[{"type":"creating"}]}}',
  ])
    it(`rejects a file that is no state: ${content}`, () => {
      writeFileSync(file, content);
      const message = `${file} is not a state of Pulumi. Write it with: pulumi stack export --stack STACK --file ${file}\n`;
      assert.equal(run(file).stderr, message);
    });
});
