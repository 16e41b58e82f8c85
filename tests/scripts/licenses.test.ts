import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROJECT = join(__dirname, "..", "..");
const SCRIPT = join(PROJECT, "scripts", "licenses.js");

interface LockedPackage {
  /** Name of a package that is installed under another one. */
  readonly name?: string;
  readonly version: string;
  readonly license?: unknown;
  readonly dev?: boolean;
}

interface LockFile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

const LOCK_FILE = JSON.parse(readFileSync(join(PROJECT, "package-lock.json"), "utf8")) as LockFile;
/** Paths of the packages in node_modules, from the project folder. */
const PATHS = Object.keys(LOCK_FILE.packages).filter((path) => path !== "");

describe("npm run licenses", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "licenses-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Runs the command on a lock file, by default that of the project. */
  function run(content?: string): { status: number | null; stdout: string; stderr: string } {
    const file = join(folder, "package-lock.json");
    if (content !== undefined) writeFileSync(file, content);
    return content === undefined
      ? spawnSync("npm", ["run", "--silent", "licenses"], { cwd: PROJECT, encoding: "utf8" })
      : spawnSync(process.execPath, [SCRIPT, file], { encoding: "utf8" });
  }

  /** Runs the command on the project's lock file with other packages; undefined removes one. */
  function runWith(packages: Readonly<Record<string, LockedPackage | undefined>>): ReturnType<typeof run> {
    return run(JSON.stringify({ packages: { ...LOCK_FILE.packages, ...packages } }));
  }

  /** Returns the refused packages of a run with one more package that has this license. */
  function refused(license: unknown): string[] {
    const { status, stderr } = runWith({ "node_modules/left-pad": { version: "1.3.0", license } });
    const lines = stderr.split("\n").filter((line) => line !== "");
    assert.equal(status, lines.length > 0 ? 1 : 0);
    return lines;
  }

  it("accepts the dependencies of the project and lists each one with its license", () => {
    const { status, stdout, stderr } = run();
    assert.deepEqual([status, stderr], [0, ""]);
    const rows = stdout.trim().split("\n");
    const versions = PATHS.map(
      (path) => `${LOCK_FILE.packages[path].name ?? nameIn(path)} | ${version(path)} |`,
    );
    assert.deepEqual(
      versions.filter((text) => !rows.some((row) => row.startsWith(`| ${text}`))),
      [],
    );
    assert.equal(rows.length, new Set(versions).size + 2);
    assert.ok(rows.includes("| ulid | 3.0.2 | MIT | production |  |"));
    assert.ok(rows.includes(`| preact | ${version("node_modules/preact")} | MIT | development |  |`));
  });

  it("reads the licenses that the installed packages declare", () => {
    const installed = PATHS.filter((path) => existsSync(join(PROJECT, path, "package.json")));
    assert.ok(installed.length > 100);
    for (const path of installed) {
      const { license } = JSON.parse(readFileSync(join(PROJECT, path, "package.json"), "utf8")) as {
        readonly license?: string | { readonly type: string };
      };
      // An object is the deprecated format: https://docs.npmjs.com/cli/v11/configuring-npm/package-json#license
      const declared = typeof license === "object" ? license.type : license;
      assert.deepEqual([path, LOCK_FILE.packages[path].license], [path, declared]);
    }
  });

  it("lists a package as production if one of its two places is", () => {
    const at = (dev: boolean): LockedPackage => ({ version: "1.3.0", license: "MIT", dev });
    for (const isFirst of [true, false]) {
      const packages = {
        "node_modules/left-pad": at(isFirst),
        "node_modules/ulid/node_modules/left-pad": at(!isFirst),
      };
      const rows = runWith(packages).stdout.split("\n");
      assert.deepEqual(
        rows.filter((row) => row.startsWith("| left-pad ")),
        ["| left-pad | 1.3.0 | MIT | production |  |"],
      );
    }
  });

  for (const license of ["MIT", "(MIT OR GPL-3.0-only)", "MIT AND ISC", "GPL-2.0-only OR MIT AND ISC"])
    it(`accepts ${license}`, () => assert.deepEqual(refused(license), []));

  for (const license of [
    "GPL-3.0-only",
    "MPL-2.0",
    "MIT AND GPL-3.0-only",
    "(MIT OR ISC) AND GPL-3.0-only",
    "GPL-2.0-only WITH Classpath-exception-2.0",
    "UNLICENSED",
    "",
    undefined,
    { type: "MIT" },
  ])
    it(`refuses ${typeof license === "string" ? `"${license}"` : (JSON.stringify(license) ?? "a package without a license")}`, () => {
      const [line, ...others] = refused(license);
      assert.deepEqual(others, []);
      assert.match(
        line,
        /^left-pad 1\.3\.0 \(production\): license .* is not accepted\. Replace the package\./,
      );
    });

  it("refuses another license of a package that has an exception", () => {
    const { status, stderr } = runWith({
      "node_modules/axe-core": { version: "5.0.0", license: "SSPL-1.0" },
    });
    assert.equal(status, 1);
    assert.match(stderr, /^axe-core 5\.0\.0 \(production\): license SSPL-1\.0 is not accepted/);
  });

  it("reports an exception that no package needs", () => {
    const { status, stderr } = runWith({ "node_modules/axe-core": undefined });
    assert.equal(status, 1);
    assert.match(stderr, /^axe-core: no package needs its exception .* scripts\/licenses\.js\.\n$/);
  });

  it("says how to write a lock file that it cannot read", () => {
    for (const content of ["not JSON", "null", '{"dependencies":{}}']) {
      const { status, stdout, stderr } = run(content);
      assert.deepEqual([status, stdout], [1, ""]);
      assert.match(
        stderr,
        /^\S+package-lock\.json (cannot be read as JSON|has no "packages").* npm install\n$/,
      );
    }
  });
});

describe("npm run sbom", () => {
  it("writes a CycloneDX document with every package of the lock file", () => {
    const { status, stdout, stderr } = spawnSync("npm", ["run", "--silent", "sbom"], {
      ...{ cwd: PROJECT, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
    });
    assert.equal(status, 0, stderr);
    const { bomFormat, metadata, components } = JSON.parse(stdout) as {
      readonly bomFormat: string;
      readonly metadata: { readonly component: { readonly purl: string } };
      readonly components: readonly { readonly name: string; readonly version: string }[];
    };
    assert.equal(bomFormat, "CycloneDX");
    assert.match(metadata.component.purl, /^pkg:npm\/tickets-in-two-regions@\d+\.\d+\.\d+$/);
    const packages = PATHS.map((path) => `${nameIn(path)} ${version(path)}`);
    const listed = components.map((one) => `${one.name} ${one.version}`);
    assert.deepEqual([...new Set(listed)].sort(), [...new Set(packages)].sort());
  });
});

function nameIn(path: string): string | undefined {
  return path.split("node_modules/").at(-1);
}

function version(path: string): string {
  return LOCK_FILE.packages[path].version;
}
