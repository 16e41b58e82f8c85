import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describeIfUsable, KEPT_TOOLS } from "../support/optional-tools";

const PROJECT = join(__dirname, "..", "..");
const WORKFLOWS = join(".github", "workflows");

/** Program that checks the workflows. `.ci/run` installs it. */
interface Linter {
  readonly name: string;
  readonly version: string;
  readonly program: string;
  /** Command that installs the program, for contributors. */
  readonly install: string;
  readonly args: readonly string[];
  /** Workflow in which the linter must find a fault. */
  readonly faulty: string;
  readonly finding: RegExp;
}

const HEAD =
  "on: push\npermissions: {}\njobs:\n  build:\n    name: Build\n    runs-on: ubuntu-24.04\n    steps:\n";

describeLinter(actionlint());
describeLinter(zizmor());

/** actionlint, which checks syntax, expressions and inputs. It also runs shellcheck on scripts where that is on PATH. */
function actionlint(): Linter {
  const module = "github.com/rhysd/actionlint";
  const version = pinned("actionlint/go.mod", /rhysd\/actionlint (v\S+)/);
  const program = join(KEPT_TOOLS, `actionlint-${version}`, "actionlint");
  return {
    ...{ name: "actionlint", version: version.slice(1), program },
    install: `(cd .ci/actionlint && go build -o ${program} ${module}/cmd/actionlint)`,
    args: ["-no-color", ...readdirSync(join(PROJECT, WORKFLOWS)).map((file) => join(WORKFLOWS, file))],
    faulty: `${HEAD}      - run: "echo \${{ github.no_such_property }}"\n`,
    finding: /"no_such_property" is not defined/,
  };
}

/**
 * zizmor, which looks for security problems of workflows and of dependabot.yml. It applies every rule that needs no network. An accepted
 * finding is marked at its line: `# zizmor: ignore[rule] reason`. A configuration file would hide it from the reader.
 */
function zizmor(): Linter {
  const version = pinned("zizmor/requirements.txt", /^zizmor==(\S+)$/m);
  const folder = join(KEPT_TOOLS, `zizmor-${version}`);
  return {
    ...{ name: "zizmor", version, program: join(folder, "bin", "zizmor") },
    install: `python3 -m pip install --target ${folder} --requirement .ci/zizmor/requirements.txt`,
    args: ["--offline", "--no-config", "--persona=auditor", "--no-progress", "--color=never", "."],
    faulty: `${HEAD}      - uses: actions/checkout@v7\n`,
    finding: /unpinned-uses/,
  };
}

function describeLinter({ name, version, program, install, args, faulty, finding }: Linter): void {
  const problem = existsSync(program) ? undefined : `${name} ${version} is not installed: ${install}`;

  describeIfUsable(name, problem, () => {
    let folder: string;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), "workflows-"));
    });
    after(() => rmSync(folder, { recursive: true }));

    /** Runs the linter in a folder, without the settings of the user. */
    function lint(cwd: string, options = args): { status: number | null; text: string } {
      const env = { PATH: process.env.PATH, HOME: process.env.HOME };
      const { status, stdout, stderr, error } = spawnSync(program, options, {
        ...{ cwd, env, encoding: "utf8", timeout: 60_000 },
      });
      if (error) throw error;
      return { status, text: `${stdout}${stderr}` };
    }

    it("is the pinned version", () => {
      assert.ok(lint(PROJECT, ["--version"]).text.includes(version));
    });

    it("finds nothing in the workflows", () => {
      const { status, text } = lint(PROJECT);
      assert.equal(status, 0, text);
    });

    it("finds the fault of a faulty workflow", () => {
      // Each file that the linter is told to read exists.
      for (const file of readdirSync(join(PROJECT, WORKFLOWS))) {
        const path = join(folder, WORKFLOWS, file);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, faulty);
      }
      const { status, text } = lint(folder);
      assert.notEqual(status, 0);
      assert.match(text, finding);
    });
  });
}

/** Returns the version in a file of `.ci/`. */
function pinned(file: string, pattern: RegExp): string {
  const version = pattern.exec(readFileSync(join(PROJECT, ".ci", file), "utf8"))?.[1];
  assert.ok(version, `.ci/${file} has no version that matches ${pattern}.`);
  return version;
}
