import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";

const PROJECT = join(__dirname, "..", "..");
const WORKFLOWS = join(PROJECT, ".github", "workflows");

type Permissions = Record<string, string> | string;

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Record<string, unknown>;
}

interface Job {
  readonly if?: string;
  readonly permissions?: Permissions;
  readonly "timeout-minutes"?: number;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Record<string, unknown>;
  readonly permissions?: Permissions;
  readonly jobs: Record<string, Job>;
}

/** Events that give a pull request of a fork a token that only reads, and no secrets. */
const TRIGGERS = ["push", "pull_request"];
/** What a job may write: a token to sign in to AWS and Pulumi, and comments. */
const JOB_WRITES = ["id-token", "pull-requests"];
/** Condition that no pull request of a fork meets. */
const OWN_BRANCH = "github.event.pull_request.head.repo.full_name == github.repository";
/** All that a job runs before it gets credentials: neither runs an install script of a package. */
const BUILD = ["npm ci --ignore-scripts", "npm run build"];
/** Actions that get credentials, or run before those that do. */
const WITHOUT_CREDENTIALS = /^actions\/(checkout|setup-node)@/;
/** Manifests whose versions are not to be updated. */
const FIXED = /^\.ci\/lambda-sdk\//;
/** Ecosystem of Dependabot of each kind of manifest. */
const ECOSYSTEMS: Readonly<Record<string, string>> = {
  "package.json": "npm",
  "go.mod": "gomod",
  "requirements.txt": "pip",
};

for (const file of readdirSync(WORKFLOWS))
  describe(`Workflow ${file}`, () => {
    const text = readFileSync(join(WORKFLOWS, file), "utf8");
    const workflow = parse(text) as Workflow;
    const jobs = Object.values(workflow.jobs);
    /** Whether a job can sign in elsewhere or write to the repository. */
    const canGetCredentials = (job: Job): boolean =>
      Object.values(job.permissions ?? workflow.permissions ?? {}).includes("write");

    it("uses actions by commit, with the version as a comment", () => {
      const uses = [...text.matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, action]) => action);
      assert.ok(uses.length > 0);
      for (const action of uses) assert.match(action, /^[\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    });

    it("may read the repository by default at most, and each job has a time limit", () => {
      const allowed = [{}, { contents: "read" }].map((permissions) => JSON.stringify(permissions));
      assert.ok(allowed.includes(JSON.stringify(workflow.permissions)), JSON.stringify(workflow.permissions));
      for (const job of jobs) {
        assert.ok(job["timeout-minutes"]);
        assert.notEqual(typeof job.permissions, "string", "Name each permission of the job.");
        for (const [scope, level] of Object.entries(job.permissions ?? {}))
          assert.ok(level === "read" || JOB_WRITES.includes(scope), `${scope}: ${level}`);
      }
    });

    it("gives no credentials to a pull request of a fork", () => {
      for (const trigger of Object.keys(workflow.on)) assert.ok(TRIGGERS.includes(trigger), trigger);
      for (const { if: condition = "" } of jobs.filter(canGetCredentials)) {
        // Each part of an "and" must hold. An "or" could hold for a fork.
        assert.ok(
          condition.split("&&").some((part) => part.trim() === OWN_BRANCH),
          condition,
        );
        assert.doesNotMatch(condition, /\|\|/);
      }
    });

    it("uses no stored secret", () => {
      assert.doesNotMatch(JSON.stringify(workflow), /\bsecrets\b/);
    });

    it("leaves no token in the checkout", () => {
      const checkouts = jobs
        .flatMap(({ steps }) => steps)
        .filter(({ uses }) => uses?.startsWith("actions/checkout@"));
      assert.ok(checkouts.length > 0);
      for (const { with: inputs } of checkouts) assert.equal(inputs?.["persist-credentials"], false);
    });

    it("installs without scripts and builds before it gets credentials, and runs nothing else", () => {
      for (const { steps } of jobs.filter(canGetCredentials)) {
        assert.deepEqual(
          steps.flatMap(({ run }) => run ?? []),
          BUILD,
        );
        const first = steps.findIndex(({ uses }) => uses && !WITHOUT_CREDENTIALS.test(uses));
        assert.ok(first > steps.findIndex(({ run }) => run === BUILD.at(-1)));
      }
    });

    it("gives a reason for each finding of zizmor that it hides", () => {
      for (const [comment] of text.matchAll(/zizmor: ignore.*$/gm))
        assert.match(comment, /ignore\[[\w,-]+\] \w+ \w+/);
    });

    it("inserts no expression into a script", () => {
      for (const { run = "" } of jobs.flatMap(({ steps }) => steps)) assert.doesNotMatch(run, /\$\{\{/);
    });
  });

describe("Dependabot", () => {
  const { updates } = parse(readFileSync(join(PROJECT, ".github", "dependabot.yml"), "utf8")) as {
    updates: readonly { "package-ecosystem": string; directory: string; cooldown?: unknown }[];
  };

  it("updates every manifest and the actions, after a cooldown", () => {
    const files = execFileSync("git", ["ls-files"], { cwd: PROJECT, encoding: "utf8" }).split("\n");
    const manifests = files
      .map((file): [string | undefined, string] => [ECOSYSTEMS[file.split("/").at(-1) ?? ""], file])
      .filter(([ecosystem, file]) => ecosystem !== undefined && !FIXED.test(file))
      .map(([ecosystem, file]) => `${ecosystem} ${join("/", dirname(file))}`);
    const updated = updates.map((one) => `${one["package-ecosystem"]} ${one.directory}`);
    assert.deepEqual(updated.sort(), [...manifests, "github-actions /"].sort());
    for (const { cooldown } of updates) assert.deepEqual(cooldown, { "default-days": 7 });
  });
});
