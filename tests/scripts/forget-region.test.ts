import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROJECT = join(__dirname, "..", "..");
const PREFIX = "urn:pulumi:ireland::tickets::";
const [STACK, APP] = [`${PREFIX}pulumi:pulumi:Stack::tickets-ireland`, `${PREFIX}tickets:regional:App::app`];
const STS = { stsRegion: "us-east-1" };

/** Resource of a state, as far as the tests use it. */
interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: object;
  readonly parent?: string;
  readonly provider?: string;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
}

describe("npm run forget-region", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "tickets-state-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const file = (name: string): string => join(directory, name);

  /** Runs the command on a state. */
  function forget(state: unknown, region = "singapore"): { status: number | null; text: string } {
    writeFileSync(file("before.json"), typeof state === "string" ? state : JSON.stringify(state));
    return run("--region", region, "--state", file("before.json"), "--out", file("after.json"));
  }

  function resourcesAfter(): Resource[] {
    const { deployment } = JSON.parse(readFileSync(file("after.json"), "utf8")) as {
      deployment: { resources: Resource[] };
    };
    return deployment.resources;
  }

  it("removes the resources of the region and all references to them, but not its IAM roles", () => {
    const { status, text } = forget(stateOf(STS));
    assert.deepEqual(
      [status, /2 resources of singapore .* deletes its IAM roles \(1\)/s.test(text)],
      [0, true],
    );
    const after = resourcesAfter();
    assert.deepEqual(
      after.map(({ urn }) => urn.split("::").pop()),
      ["tickets-ireland", "ireland", "singapore", "app", "ireland-table", "singapore-role", "policy"],
    );
    const [table, , policy] = after.slice(-3);
    assert.deepEqual(table.dependencies, [APP]);
    assert.deepEqual(table.propertyDependencies, { arn: [], name: [APP], other: null });
    assert.equal(policy.parent, APP, "The parent of the removed parent.");
  });

  it("removes the IAM roles too when their provider cannot work without the region, and names them", () => {
    const { status, text } = forget(stateOf({}));
    assert.deepEqual([status, /Delete its IAM roles yourself: role-1\./.test(text)], [0, true]);
    assert.deepEqual(
      resourcesAfter().map(({ urn }) => urn.split("::").pop()),
      ["tickets-ireland", "ireland", "app", "ireland-table", "policy"],
    );
  });

  it("reads a state that the redirection of Windows PowerShell wrote", () => {
    writeFileSync(file("before.json"), `\uFEFF${JSON.stringify(stateOf(STS))}`, "utf16le");
    const options = ["--region", "singapore", "--state", file("before.json"), "--out", file("after.json")];
    assert.deepEqual([run(...options).status, resourcesAfter().length], [0, 7]);
  });

  it("removes operations of the region that were in flight, and keeps the rest of the export", () => {
    const state = stateOf(STS);
    const [, , , , table, other] = state.deployment.resources;
    const pending_operations = [table, other].map((resource) => ({ type: "creating", resource }));
    const secrets_providers = { type: "passphrase" };
    forget({ ...state, deployment: { ...state.deployment, pending_operations, secrets_providers } });
    const after = JSON.parse(readFileSync(file("after.json"), "utf8")) as Record<string, object>;
    assert.equal(after.version, 3);
    assert.deepEqual(
      { ...after.deployment, resources: [] },
      { resources: [], pending_operations: [{ type: "creating", resource: table }], secrets_providers },
    );
  });

  const errors: [title: string, state: unknown, region: string, message: RegExp][] = [
    [
      "an unknown region",
      stateOf(STS),
      "paris",
      /no region "paris"; its regions are ireland and singapore\./,
    ],
    ["the provider of us-east-1", stateOf(STS), "global", /no region "global"/],
    ["a file that is not JSON", "{", "singapore", /before\.json cannot be read .* pulumi stack export/],
    ["a file that is no state", {}, "singapore", /is not an exported state with resources/],
    ...[
      { resources: [null] },
      { resources: [{ type: "pulumi:providers:aws" }] },
      { resources: [], pending_operations: [{}] },
    ].map((deployment): [string, unknown, string, RegExp] => [
      `the damaged state ${JSON.stringify(deployment)}`,
      { deployment },
      "singapore",
      /is not an exported state with resources/,
    ]),
  ];
  for (const [title, state, region, message] of errors)
    it(`rejects ${title} and writes nothing`, () => {
      const { status, text } = forget(state, region);
      assert.equal(status, 1);
      assert.match(text, message);
      assert.throws(() => readFileSync(file("after.json")), /ENOENT/);
    });

  it("rejects missing and unknown options with its help", () => {
    for (const args of [["--region", "singapore"], ["--regions"]]) {
      const { status, text } = run(...args);
      assert.equal(status, 1);
      assert.match(
        text,
        /(--state and --out is missing|Unknown option '--regions')[^]*npm run forget-region/,
      );
    }
    assert.match(run("--help").text, /^Removes the resources of a region/);
  });

  it("overwrites no file", () => {
    forget(stateOf(STS));
    const { status, text } = forget(stateOf(STS));
    assert.deepEqual([status, /after\.json cannot be written \(it exists\)/.test(text)], [1, true]);
  });
});

function run(...args: string[]): { status: number | null; text: string } {
  const command = [join(PROJECT, "scripts", "forget-region.js"), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: "utf8" });
  return { status, text: stdout + stderr };
}

/** Returns a state of two regions, in which a table of Ireland refers to one of Singapore. */
function stateOf(inputs: object): { version: number; deployment: { resources: Resource[] } } {
  const provider = (name: string): Resource => ({
    urn: `${PREFIX}pulumi:providers:aws::${name}`,
    type: "pulumi:providers:aws",
    id: `id-${name}`,
    inputs,
  });
  const resource = (region: string, type: string, name: string, more: Partial<Resource> = {}): Resource => ({
    ...{ urn: `${PREFIX}${type}::${name}`, type, parent: APP },
    provider: `${provider(region).urn}::id-${region}`,
    ...more,
  });
  const table = "aws:dynamodb/table:Table";
  const lost = resource("singapore", table, "singapore-table");
  return {
    version: 3,
    deployment: {
      resources: [
        { urn: STACK, type: "pulumi:pulumi:Stack" },
        provider("ireland"),
        provider("singapore"),
        { urn: APP, type: "tickets:regional:App", parent: STACK },
        resource("ireland", table, "ireland-table", {
          dependencies: [APP, lost.urn],
          propertyDependencies: { arn: [lost.urn], name: [APP], other: null },
        }),
        lost,
        resource("singapore", "aws:iam/role:Role", "singapore-role", { id: "role-1" }),
        resource("singapore", "aws:lambda/function:Function", "singapore-function"),
        resource("ireland", "aws:s3/bucketPolicy:BucketPolicy", "policy", { parent: lost.urn }),
      ],
    },
  };
}
