import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Addresses } from "../../local/addresses";
import { RegionClient } from "../support/region-client";
import { Command } from "./command";

const PROJECT = join(__dirname, "..", "..");
const {
  engines: ENGINES,
  dependencies,
  devDependencies,
} = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as {
  engines: { node: string };
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

/** Every file that is run with `node`, arguments that print a help text or an error, and the expected output. */
const ENTRY_POINTS: Readonly<Record<string, { readonly args: string[]; readonly prints: RegExp }>> = {
  "local/start.js": { args: ["--help"], prints: /npm start -- \[options\]/ },
  "local/engine-command/run.js": { args: ["--help"], prints: /npm run local:pulumi/ },
  "operations/run.js": { args: ["status", "--help"], prints: /--stack NAME/ },
  "simulation/run.js": { args: ["--help"], prints: /npm run simulate/ },
  "bench/run.js": { args: ["nothing"], prints: /nothing/ },
};

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe("entry points", function () {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "entry-points-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function node(args: readonly string[], cwd = PROJECT, env: NodeJS.ProcessEnv = {}): Outcome {
    return spawnSync(process.execPath, args, {
      cwd,
      encoding: "utf8",
      timeout: 30_000,
      env: { ...process.env, ...env },
    });
  }

  /** Makes the folder another project, with settings that would break this project's files. */
  function otherProject(): void {
    writeFileSync(
      join(folder, "tsconfig.json"),
      `{ "compilerOptions": { "target": "ES3", "module": "nothing" } }`,
    );
    writeFileSync(join(folder, "package.json"), `{ "type": "module", "engines": { "node": ">=999" } }`);
    mkdirSync(join(folder, "node_modules", "typescript"), { recursive: true });
    writeFileSync(
      join(folder, "node_modules", "typescript", "index.js"),
      "throw new Error('the wrong TypeScript')",
    );
  }

  for (const [file, { args, prints }] of Object.entries(ENTRY_POINTS)) {
    it(`runs ${file} from other folders, in another project and through a symbolic link`, () => {
      otherProject();
      symlinkSync(PROJECT, join(folder, "link"));
      for (const [path, cwd] of [
        [join(PROJECT, file), "/"],
        [join(PROJECT, file), folder],
        [join("link", file), folder],
      ]) {
        const { stdout, stderr } = node([path, ...args], cwd);
        assert.match(stdout + stderr, prints, `${path} in ${cwd}`);
        assert.doesNotMatch(stderr, /^\s+at /m);
      }
    });

    it(`ignores environment variables of ts-node for ${file}`, () => {
      const env = {
        TS_NODE_PROJECT: "/nowhere/tsconfig.json",
        TS_NODE_COMPILER_OPTIONS: `{"module":"nothing"}`,
      };
      const { stdout, stderr } = node([join(PROJECT, file), ...args], PROJECT, env);
      assert.match(stdout + stderr, prints);
    });
  }

  for (const [file, { args }] of Object.entries(ENTRY_POINTS))
    it(`prints no stack trace for ${file} when the reader of its output has closed it`, async () => {
      const child = spawn(process.execPath, [file, ...args], {
        cwd: PROJECT,
        stdio: ["ignore", "pipe", "pipe"],
      });
      child.stdout.destroy();
      let errors = "";
      child.stderr.on("data", (text) => (errors += String(text)));
      await once(child, "close");
      assert.doesNotMatch(errors, /EPIPE|^\s+at /m);
    });

  for (const file of [
    ...Object.keys(ENTRY_POINTS),
    "scripts/typescript/register.js",
    ...scripts(),
    "node_modules/mocha/bin/mocha.js",
  ])
    it(`prints one line with the required versions for ${file} on an older Node.js`, () => {
      const preload = join(folder, "older.js");
      for (const version of ["v18.20.8", "v20.18.3", "v21.7.3", "v22.12.0", "v23.11.1"]) {
        writeFileSync(preload, `Object.defineProperty(process, "version", { value: "${version}" });`);
        const files = file.includes("mocha") ? [join(PROJECT, "tests", "reporter.js")] : [];
        const { status, stdout, stderr } = node(["-r", preload, join(PROJECT, file), ...files]);
        assert.notEqual(status, 0);
        assert.equal(stdout, "");
        assert.equal(
          stderr,
          "Tickets in Two Regions needs Node.js 20 (20.19.0 or newer), or 22 (22.13.0 or newer), " +
            `or 24.0.0 or newer; this is ${version}.\n`,
        );
      }
    });

  it("checks the version with code that every Node.js can parse", () => {
    const files = [
      "scripts/node-version.js",
      ...Object.keys(ENTRY_POINTS).filter((file) => !file.startsWith("bench")),
    ];
    for (const file of files) {
      const code = readFileSync(join(PROJECT, file), "utf8").replace(/\/\*[^]*?\*\/|\/\/.*|"[^"\n]*"/g, '""');
      assert.doesNotMatch(
        code,
        /=>|\b(const|let|class|async|await|import)\b|`|\.\.\.|\?\.|\?\?|\*\*|,\s*[)\]}]/,
        file,
      );
    }
  });

  it("supports the versions that package.json names", () => {
    assert.equal(ENGINES.node, "^20.19.0 || ^22.13.0 || >=24.0.0");
    const preload = join(folder, "newer.js");
    for (const version of [
      "v20.19.0",
      "v20.20.2",
      "v22.13.0",
      "v24.0.0",
      "v25.1.0",
      "v26.10.0",
      "v100.0.0",
    ]) {
      writeFileSync(preload, `Object.defineProperty(process, "version", { value: "${version}" });`);
      assert.equal(node(["-r", preload, join(PROJECT, "scripts/node-version.js")]).status, 0, version);
    }
  });

  it("rejects an unsupported or invalid version in scripts/test-node.js before it installs one", () => {
    for (const version of ["18", "20.18", "20.18.3", "21", "22.12", "23.99"]) {
      const { status, stdout, stderr } = node([join(PROJECT, "scripts", "test-node.js"), "24", version]);
      assert.deepEqual([status, stdout], [2, ""]);
      assert.match(
        stderr,
        new RegExp(`^Tickets in Two Regions needs Node\\.js 20.*; ${version} is not supported\\.\n$`),
      );
    }
    for (const version of ["--help", "latest", "24.x", "1.2.3.4"]) {
      const { status, stderr } = node([join(PROJECT, "scripts", "test-node.js"), version]);
      assert.equal(status, 2);
      assert.match(stderr, /^"[^"]+" is not a version of Node\.js\. Specify versions such as 24, .*\n$/);
    }
  });

  it("reports missing packages and the command that installs them", () => {
    const copy = join(folder, "project");
    cpSync(PROJECT, copy, { recursive: true, filter: isSource });
    for (const file of [...Object.keys(ENTRY_POINTS), "scripts/typescript/register.js"]) {
      const { status, stderr } = node([join(copy, file)], copy);
      assert.equal(status, 1);
      assert.match(
        stderr,
        /^Not all packages are installed \(@pulumi\/aws and \d+ more are missing\)\. .* npm ci --include=dev\n$/,
      );
    }
    // As after a change of the project that needs another package.
    for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
      const link = join(copy, "node_modules", name);
      mkdirSync(dirname(link), { recursive: true });
      if (name !== "dynalite") symlinkSync(join(PROJECT, "node_modules", name), link);
    }
    const partly = node([join(copy, "local", "start.js"), "--port", "0"], copy);
    assert.equal(partly.status, 1);
    assert.match(partly.stderr, /^Not all packages are installed \(dynalite is missing\)\. .*\n$/);
    rmSync(join(copy, "node_modules"), { recursive: true });
    const build = join(copy, "scripts", "build-ui.js");
    const message =
      /^The web UI was not built: the development dependencies are not installed .* npm ci --include=dev\n$/;
    const building = node([build], copy);
    assert.deepEqual([building.status, message.test(building.stderr)], [1, true], building.stderr);
    const installing = node([build, "--if-possible"], copy);
    assert.deepEqual([installing.status, message.test(installing.stderr)], [0, true], installing.stderr);
  });

  it("resolves a relative --data against the current folder of npm start", async () => {
    otherProject();
    const args = ["--json", "--port", "0", "--no-types", "--data", "state"];
    const command = new Command(args, PROJECT, { cwd: folder });
    try {
      const { regions } = JSON.parse(await command.line(/^\{"stack"/)) as Addresses;
      await new RegionClient(regions.ireland.api).create("From another folder");
      assert.ok(readdirSync(join(folder, "state")).length > 0);
    } finally {
      await command.dispose();
    }
  });
});

function scripts(): string[] {
  return readdirSync(join(PROJECT, "scripts"))
    .filter((file) => file.endsWith(".js"))
    .map((file) => `scripts/${file}`);
}

function isSource(path: string): boolean {
  return !/^(node_modules|\.git|tests|docs)$/.test(path.slice(PROJECT.length + 1));
}
