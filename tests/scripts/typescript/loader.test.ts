import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { version } from "typescript/package.json";

const PROJECT = resolve(__dirname, "../../..");

describe("The TypeScript loader", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "loader-"))));
  after(() => rmSync(folder, { recursive: true }));

  const evaluate = (script: string, env: Record<string, string> = {}): { stdout: string; stderr: string } =>
    spawnSync(process.execPath, ["-r", join(PROJECT, "scripts/typescript/register.js"), "-e", script], {
      cwd: PROJECT,
      encoding: "utf8",
      env: { ...process.env, ...env },
    });

  it("loads TypeScript only for a file that is not in the cache, even if Pulumi is loaded", () => {
    const script = `
      require("@pulumi/pulumi");
      require("./config/reader");
      console.log(require("node:util").types.isProxy(require.cache[require.resolve("typescript")].exports));`;
    evaluate(script);
    assert.equal(evaluate(script).stdout, "true\n");
    assert.equal(evaluate(script, { TICKETS_NO_CACHE: "1" }).stdout, "false\n");
  });

  it("loads TypeScript when a property of it is read", () => {
    const script = `
      const typescript = require("typescript");
      console.log("SyntaxKind" in typescript, typescript.version, Object.keys(typescript).includes("version"));`;
    assert.equal(evaluate(script).stdout, `true ${version} true\n`);
  });

  it("names the lines of TypeScript files in stack traces, with and without the cache", () => {
    const file = join(folder, "throwing.ts");
    writeFileSync(
      file,
      `interface Removed {\n  a: 1;\n}\n\nexport function fail(): Removed {\n  throw new Error("x");\n}\n`,
    );
    const script = `try { require(${JSON.stringify(file)}).fail(); } catch (error) { console.log(error.stack.split("\\n")[1]); }`;
    for (const TICKETS_NO_CACHE of ["", "1"])
      assert.equal(evaluate(script, { TICKETS_NO_CACHE }).stdout, `    at Object.fail (${file}:6:9)\n`);
  });

  it("does not transpile a copy of a file again, and names the copy in stack traces", () => {
    const text = `type Removed = ${JSON.stringify(folder)};\nexport function fail(): Removed {\n  throw new Error("x");\n}\n`;
    const files = ["first.ts", "second.ts"].map((name) => join(folder, name));
    for (const file of files) writeFileSync(file, text);
    const isDeferred = `require("node:util").types.isProxy(require.cache[require.resolve("typescript")].exports)`;
    const [first, second] = files.map(
      (file) =>
        evaluate(
          `try { require(${JSON.stringify(file)}).fail(); } catch (error) { console.log(${isDeferred}, error.stack.split("\\n")[1]); }`,
        ).stdout,
    );
    assert.equal(first, `false     at Object.fail (${files[0]}:3:9)\n`);
    assert.equal(second, `true     at Object.fail (${files[1]}:3:9)\n`);
  });

  it("reports the file and the line of a syntax error", () => {
    const file = join(folder, "broken.ts");
    writeFileSync(file, "export const value = ;\n");
    const { stderr } = evaluate(`require(${JSON.stringify(file)})`);
    assert.match(
      stderr,
      /SyntaxError: TypeScript cannot read the file\.\n.*broken\.ts\(1,22\): error TS1109: Expression expected\./,
    );
  });
});
