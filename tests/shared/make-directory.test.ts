import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeDirectory } from "../../shared/make-directory";

const PROJECT = join(__dirname, "..", "..");

describe("makeDirectory", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "make-directory-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("creates missing parents and keeps what exists", () => {
    const path = join(folder, "a", "b", "c");
    makeDirectory(path);
    writeFileSync(join(path, "kept"), "");
    makeDirectory(path);
    assert.ok(existsSync(join(path, "kept")));
  });

  it("applies the mode to every directory that it creates, and to no other", () => {
    const { mode } = statSync(folder);
    makeDirectory(join(folder, "a", "b"), { mode: 0o700 });
    for (const path of ["a", "a/b"]) assert.equal(statSync(join(folder, path)).mode & 0o777, 0o700);
    assert.equal(statSync(folder).mode, mode);
  });

  it("accepts a symbolic link to a directory", () => {
    symlinkSync(tmpdir(), join(folder, "link"));
    makeDirectory(join(folder, "link"));
  });

  it("names the entry that is not a directory", () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    for (const path of [file, join(file, "below"), join(file, "far", "below")])
      assert.throws(() => makeDirectory(path), {
        message: `The directory ${path} cannot be created: ${file} is not a directory.`,
        code: "ENOTDIR",
      });
  });

  it("names a dangling symbolic link", () => {
    const link = join(folder, "dangling");
    symlinkSync(join(folder, "nowhere"), link);
    assert.throws(() => makeDirectory(link), { code: "EEXIST" });
  });

  // In processes of their own, so that a call that never returns fails these tests instead of hanging them.
  it("throws below /proc, where Node's own recursive mkdir never returns", () => {
    assert.match(
      evaluate(`require("./shared/make-directory").makeDirectory("/proc/x/y")`),
      /^The directory \/proc\/x\/y cannot be created: \/proc\/x cannot be created \(ENOENT\)\.$/,
    );
  });

  for (const [title, script] of [
    ["--data", `require("./local/preconditions").createDataDirectory("/proc/x/data")`],
    [
      "the certificate authority",
      `require("./local/aws/acm/certificate-authority").CertificateAuthority.open("/proc/x/ca")`,
    ],
    [
      "checkpoints",
      `require("./local/aws/event-source-mapping/checkpoints").Checkpoints.open("/proc/x/c", "id", "arn")`,
    ],
    [
      "an archive",
      `require("./local/aws/lambda/archive").unpackArchive({ assets: {} }, "/proc/x/task", ".")`,
    ],
    ["a drill's report", `require("./operations/drill/report/report-files").reportFiles("/proc/x/report")`],
  ])
    it(`makes ${title} below /proc fail at once`, () => {
      assert.match(
        evaluate(`require("./scripts/typescript/register"); ${script}`),
        /\/proc\/x cannot be created \(ENOENT\)/,
      );
    });

  /** Runs a script that is expected to fail, and returns the error's message. */
  function evaluate(script: string): string {
    const wrapped = `(async () => { ${script.replace(/require\("\.\/(?!register)[^;]*$/, "await $&")} })().catch((error) => console.log(error.message))`;
    const { stdout, stderr, error } = spawnSync(process.execPath, ["-e", wrapped], {
      cwd: PROJECT,
      encoding: "utf8",
      timeout: 15_000,
    });
    assert.equal(error, undefined, `the process did not end: ${stderr}`);
    return stdout.trim();
  }
});
