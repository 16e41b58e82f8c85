import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";

const PROJECT = join(__dirname, "..", "..");
const CONFIG = join(PROJECT, ".dependency-cruiser.js");
const DEPCRUISE = join(PROJECT, "node_modules", "dependency-cruiser", "bin", "dependency-cruise.mjs");

/** Imports that break one rule each: the rule, the importing file, and the imported file or package. */
const FORBIDDEN: readonly (readonly [rule: string, from: string, to: string])[] = [
  ["functions-stand-alone", "functions/uses-pulumi.ts", "@pulumi/pulumi"],
  ["functions-stand-alone", "functions/uses-ui.ts", "ui/src/app.ts"],
  ["functions-stand-alone", "functions/uses-config.ts", "config/index.ts"],
  ["functions-stand-alone", "functions/uses-commands.ts", "command-line/errors.ts"],
  ["program-without-tools", "regional/uses-local.ts", "local/aws/regions.ts"],
  ["program-without-tools", "global/uses-commands.ts", "command-line/errors.ts"],
  ["regional-below-global", "config/uses-global.ts", "global/routing.ts"],
  ["aws-emulation-knows-no-application", "local/aws/dynamodb/uses-functions.ts", "functions/ticket.ts"],
  ["aws-emulation-knows-no-application", "local/aws/sqs/uses-config.ts", "config/index.ts"],
  ["aws-emulation-below-the-dev-server", "local/aws/route53/uses-console.ts", "local/console/server.ts"],
  ["operations-without-dev-server", "operations/uses-cloud.ts", "local/cloud.ts"],
  ["commands-without-program", "local/console/uses-regional.ts", "regional/table.ts"],
  ["commands-without-program", "operations/uses-config.ts", "config/index.ts"],
  ["local-cloud-without-operations", "local/uses-operations.ts", "operations/status.ts"],
  ["operations-use-web-ui-client-only", "operations/uses-ui.ts", "ui/src/app.ts"],
  ["simulation-and-benchmarks-are-commands", "operations/uses-simulation.ts", "simulation/worker.ts"],
  ["ui-imports-functions-only", "ui/src/uses-operations.ts", "operations/reconcile/apply-image.ts"],
  ["ui-imports-functions-only", "ui/src/uses-pulumi.ts", "@pulumi/pulumi"],
  ["neutral-helpers-stay-neutral", "shared/uses-functions.ts", "functions/ticket.ts"],
  ["neutral-helpers-stay-neutral", "shared/uses-pulumi.ts", "@pulumi/pulumi"],
  ["shared-below-command-line", "shared/uses-commands.ts", "command-line/errors.ts"],
  ["only-tests-import-tests", "simulation/uses-tests.ts", "tests/support/fake.ts"],
  ["fakes-for-tests-only", "operations/uses-fakes.ts", "testing/fake.ts"],
  ["no-cycles", "bench/first.ts", "bench/second.ts"],
];

/** Imports that look like the forbidden ones, and are allowed. */
const ALLOWED: readonly (readonly [from: string, to: string])[] = [
  ["functions/uses-shared.ts", "shared/text.ts"],
  ["command-line/uses-shared.ts", "shared/text.ts"],
  ["local/aws/dynamodb/uses-shared.ts", "shared/text.ts"],
  ["local/services.ts", "functions/ticket.ts"],
  ["operations/uses-client.ts", "local/aws/local-client.ts"],
  ["operations/uses-web-ui-client.ts", "ui/src/data/client.ts"],
  ["ui/src/uses-functions.ts", "functions/ticket.ts"],
  ["simulation/uses-fakes.ts", "testing/fake.ts"],
];

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
  readonly to: string;
}

describe("The layer rules", function () {
  this.timeout(120_000);

  let directory: string;
  let violations: readonly Violation[];

  before(() => {
    directory = mkdtempSync(join(tmpdir(), "layers-"));
    for (const [, from, to] of FORBIDDEN) write(from, to);
    for (const [from, to] of ALLOWED) write(from, to);
    write("bench/second.ts", "bench/first.ts");
    writeFileSync(join(directory, "alone.ts"), "export {};\n");
    const args = [DEPCRUISE, "--config", CONFIG, "--output-type", "json", "."];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: directory, encoding: "utf8" });
    assert.notEqual(stdout, "", stderr);
    violations = (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  /** Writes a file whose only import is of a type. */
  function write(from: string, to: string): void {
    const path = join(directory, from);
    const isPackage = to.startsWith("@");
    const target = join(directory, to);
    const specifier = isPackage ? to : relative(dirname(path), target).replace(/\.ts$/, "");
    for (const folder of [dirname(path), dirname(isPackage ? path : target)])
      mkdirSync(folder, { recursive: true });
    writeFileSync(
      path,
      `import type { A } from "${isPackage ? to : `./${specifier}`}";\nexport type B = A;\n`,
    );
    if (!isPackage) writeFileSync(target, "export type A = string;\n", { flag: "a" });
  }

  for (const [rule, from, to] of FORBIDDEN)
    it(`${rule}: forbids that ${from} imports ${to}`, () => {
      const names = violations.filter((found) => found.from === from && found.to === to);
      assert.ok(names.some((found) => found.rule.name === rule));
    });

  for (const [from, to] of ALLOWED)
    it(`allows that ${from} imports ${to}`, () => {
      assert.deepEqual(
        violations.filter((found) => found.from === from),
        [],
      );
    });

  it("no-orphans: forbids a file that is not imported and imports nothing", () => {
    assert.deepEqual(
      violations.filter(({ rule }) => rule.name === "no-orphans").map(({ from }) => from),
      ["alone.ts"],
    );
  });

  it("has a test for each rule", () => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { forbidden } = require(CONFIG) as { forbidden: { name: string }[] };
    const tested = new Set([...FORBIDDEN.map(([rule]) => rule), "no-orphans"]);
    assert.deepEqual(
      forbidden.map(({ name }) => name).filter((name) => !tested.has(name)),
      [],
    );
  });
});
