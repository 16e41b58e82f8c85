// Runs start, end-to-end and program tests under other Node.js versions: npm run test:node -- 24 26
const { versionProblem } = require("./node-version");
const { existsSync } = require("node:fs");
const { spawnSync } = require("node:child_process");
const { delimiter, dirname, join } = require("node:path");
const { performance } = require("node:perf_hooks");
const { runMocha } = require("./test/mocha-run");
const { isStopping } = require("./test/process-groups");

const PROJECT = join(__dirname, "..");
/** Oldest supported version of each major version; for a fully supported major version, the newest. */
const VERSIONS = ["20.19", "22.13", "24", "26"];
/**
 * Start, end-to-end and program tests, the longest files first. The other files use the same parts of Node.js, or test texts, hostile
 * data and quotas.
 */
const FILES = [
  "tests/e2e/watch.test.ts",
  "tests/e2e/replication-and-failover.test.ts",
  ...["stopping", "running", "entry-points", "debugging", "environment"].map(
    (name) => `tests/cli/${name}.test.ts`,
  ),
  "tests/program/*.test.ts",
];
/** The versions of the AWS SDK are those of the runtime of AWS, which is one version of Node.js. */
const IGNORED = "tests/program/lambda-sdk.test.ts";

main(process.argv.slice(2));

async function main(args) {
  const wrong = args.find((version) => !/^\d+(\.\d+){0,2}$/.test(version));
  if (wrong !== undefined) {
    console.error(
      `${JSON.stringify(wrong)} is not a version of Node.js. Specify versions such as 24, or none for ${VERSIONS.join(", ")}.`,
    );
    process.exit(2);
  }
  const problem = args.map(versionProblem).find((text) => text !== undefined);
  if (problem !== undefined) {
    console.error(problem);
    process.exit(2);
  }
  const missing = FILES.filter((file) => !file.includes("*") && !existsSync(join(PROJECT, file)));
  if (missing.length > 0) {
    console.error(
      `These test files do not exist: ${missing.join(", ")}. Correct the list in scripts/test-node.js.`,
    );
    process.exit(2);
  }
  const total = { passed: 0, failed: 0 };
  const times = [];
  for (const version of args.length > 0 ? args : VERSIONS) {
    const node = installed(version);
    const title = `Node.js ${version}`;
    console.log(`\n== ${title}${node ? ` (${node})` : ""}`);
    const start = performance.now();
    const { passed, failed } = node ? await run(node) : { passed: 0, failed: 1 };
    if (isStopping()) return;
    total.passed += passed;
    total.failed += failed;
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    times.push(`${title}: ${seconds} s, ${passed} passed, ${failed} failed`);
  }
  console.log(`\n${times.join("\n")}\n\n${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

/** Returns the path of the binary in the npm package `node`. If it is unavailable, prints the reason and returns undefined. */
function installed(version) {
  const script = "console.log(JSON.stringify([process.execPath, process.versions.node]))";
  const { stdout, stderr, error } = spawnSync("npx", ["-y", `node@${version}`, "-e", script], {
    cwd: PROJECT,
    encoding: "utf8",
  });
  try {
    const [path, actual] = JSON.parse(stdout.trim().split("\n").at(-1));
    if (`${actual}.`.startsWith(`${version}.`)) return path;
    console.error(`npx ran Node.js ${actual} instead of ${version}.`);
  } catch {
    console.error(`Node.js ${version} could not be installed: ${error?.message ?? stderr}`);
  }
  return undefined;
}

/** Runs the files with a Node.js binary, which child processes of the tests also use. */
async function run(node) {
  const env = { ...process.env, PATH: [dirname(node), process.env.PATH].join(delimiter) };
  const counts = await runMocha({
    args: ["--parallel", "--jobs", "2", "--ignore", IGNORED, ...FILES],
    node,
    env,
  });
  if (!isStopping()) console.log(`${counts.passed} passed, ${counts.failed} failed`);
  return counts;
}
