import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { scripts } from "../../package.json";
import { copyProject, perform, section, Step, stepsOf } from "./walkthrough";

const PROJECT = join(__dirname, "..", "..");
const DOCUMENT = readFileSync(join(PROJECT, "CONTRIBUTING.md"), "utf8");
const ATTRIBUTE = stepsOf(section(DOCUMENT, "### Add a ticket attribute"));
const ROUTE = stepsOf(section(DOCUMENT, "### Add a route"));
const ALARM = stepsOf(section(DOCUMENT, "### Add an alarm"));
/** Test files that the walkthroughs change or add. */
const TESTS = [...ATTRIBUTE, ...ROUTE, ...ALARM]
  .map(({ file }) => file)
  .filter((file) => file.endsWith(".test.ts"));
/** Tests of documents that the walkthroughs change. */
const DOCUMENT_TESTS = ["tests/functions/openapi/document.test.ts", "tests/docs/api.test.ts"];

describe("CONTRIBUTING.md", () => {
  it("names only functions and constants that their files contain", () => {
    const named = [...DOCUMENT.matchAll(/((?:`\w+`(?:, | and )?)+)\sin\s`([\w./-]+\.ts)`/g)];
    assert.ok(named.length > 5);
    for (const [text, names, file] of named) {
      const source = readFileSync(join(PROJECT, file), "utf8");
      for (const [, name] of names.matchAll(/`(\w+)`/g))
        assert.match(source, new RegExp(`\\b${name}\\b`), text);
    }
  });

  it("names only npm scripts and test files that exist", () => {
    const commands = [...DOCUMENT.matchAll(/npm run ([\w:]+)/g)].map(([, script]) => script);
    assert.ok(commands.length > 5);
    for (const script of commands) assert.ok(script in scripts, `npm run ${script}`);
    const files = [
      ...DOCUMENT.matchAll(
        /(?:npm test --|npx mocha(?: --[\w-]+)?) (tests\/[\w./-]+)(?: --grep "([^"]+)")?/g,
      ),
    ];
    assert.ok(files.length > 3);
    for (const [command, file] of files) assert.ok(existsSync(join(PROJECT, file)), command);
  });

  it("selects tests only by titles that exist", () => {
    const selected = [...DOCUMENT.matchAll(/ (tests\/[\w./-]+) --grep "([^"]+)"/g)];
    assert.ok(selected.length > 2);
    for (const [command, file, title] of selected) {
      // The cases of a browser test are in files of the same folder.
      const folder = join(PROJECT, dirname(file));
      const sources = readdirSync(folder).filter((name) => name.endsWith(".ts"));
      const titles = sources.flatMap(
        (name) => readFileSync(join(folder, name), "utf8").match(/\bit\(.*/g) ?? [],
      );
      assert.ok(
        titles.some((line) => line.includes(title)),
        command,
      );
    }
  });

  it("is right about breakpoints in TypeScript: a debugger receives the source map of a file in functions/", () => {
    const script =
      `const session = new (require("node:inspector").Session)(); session.connect(); session.post("Debugger.enable");` +
      `session.on("Debugger.scriptParsed", ({ params: { url, sourceMapURL } }) => {` +
      `  if (url.endsWith("functions/tickets/get.ts")) console.log(sourceMapURL.split("base64,")[1]); });` +
      `require("./functions/tickets/get");`;
    const args = ["--require", "./scripts/typescript/register.js", "--eval", script];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: PROJECT, encoding: "utf8" });
    const { sources, mappings } = JSON.parse(Buffer.from(stdout, "base64").toString() || stderr);
    assert.deepEqual(sources, [join(PROJECT, "functions/tickets/get.ts")]);
    assert.notEqual(mappings, "");
  });
});

describe("The walkthroughs of CONTRIBUTING.md", function () {
  this.timeout(180_000);
  let copy: string;

  before(() => {
    copy = mkdtempSync(join(tmpdir(), "contributing-"));
    copyProject(copy);
  });
  after(() => rmSync(copy, { recursive: true }));

  it("require the types that `npm run openapi` generates", () => {
    const [document, generate, handler] = ROUTE;
    assert.deepEqual([document.file, generate.file], ["openapi.json", "functions/openapi/schema.ts"]);
    perform(document, copy);
    perform(handler, copy);
    perform(ATTRIBUTE[0], copy);
    assert.match(compile(handler.file), /error TS2345: Argument of type '"describeRegion"'/);
    const { status, stderr } = run("npm", "run", "--silent", "openapi");
    assert.equal(status, 0, stderr);
    assert.equal(compile(handler.file), "");
    assert.match(
      readFileSync(join(copy, "functions/openapi/schema.ts"), "utf8"),
      /readonly product\??: string/,
    );
  });

  it("make tests fail until the tests are changed too", () => {
    const program = [...ROUTE.slice(3), ...ALARM].filter(isProgram);
    assert.deepEqual(
      program.map(({ file }) => file),
      ["regional/ticket-routes.ts", "functions/replication/batch-metrics.ts", "global/replication-alarms.ts"],
    );
    for (const step of program) perform(step, copy);
    const { status, stdout } = mocha(...TESTS.filter((file) => existsSync(join(copy, file))));
    assert.notEqual(status, 0);
    for (const name of ["product", "region", "clock-skew"])
      assert.match(stdout, new RegExp(`^ *[-+] .*${name}`, "m"));
  });

  it("pass the tests when every step is done", () => {
    const last = [...ATTRIBUTE.slice(1), ...ROUTE.slice(3), ...ALARM].filter((step) => !isProgram(step));
    for (const step of last.filter(({ blocks }) => blocks.length > 0)) perform(step, copy);
    const { status, stdout } = mocha(...TESTS, ...DOCUMENT_TESTS);
    assert.equal(status, 0, stdout);
  });

  it("add a contract case for every status of the new operation", () => {
    const script =
      `const { CASES } = require("./tests/contract/contract-cases");` +
      `console.log(JSON.stringify(CASES.filter((one) => /^describeRegion/.test(one.operationId)).map((one) => one.operationId + " " + one.status)));`;
    const { stdout, stderr } = run(
      process.execPath,
      "--require",
      "./scripts/typescript/register.js",
      "--eval",
      script,
    );
    const documented = ["describeRegion 200", "describeRegion 400"];
    const heads = documented.map((name) => name.replace(" ", "Head "));
    assert.deepEqual(JSON.parse(stdout || stderr).sort(), [...documented, ...heads].sort());
  });

  function isProgram({ file, blocks }: Step): boolean {
    return !file.startsWith("tests/") && !file.startsWith("docs/") && blocks.length > 0;
  }

  /** Returns the compiler errors of a file and its imports. */
  function compile(file: string): string {
    const { compilerOptions } = JSON.parse(readFileSync(join(PROJECT, "tsconfig.json"), "utf8"));
    const options = Object.entries({ ...compilerOptions, types: "node" }).filter(
      ([, value]) => value !== false,
    );
    return run("npx", "tsc", ...options.flatMap(([name, value]) => [`--${name}`, String(value)]), file)
      .stdout;
  }

  function mocha(...files: string[]): { readonly status: number | null; readonly stdout: string } {
    return run(
      process.execPath,
      "node_modules/mocha/bin/mocha.js",
      "--no-color",
      "--reporter",
      "dot",
      ...files,
    );
  }

  function run(
    command: string,
    ...args: string[]
  ): { status: number | null; stdout: string; stderr: string } {
    return spawnSync(command, args, {
      cwd: copy,
      encoding: "utf8",
      env: { ...process.env, FORCE_COLOR: "0" },
    });
  }
});
