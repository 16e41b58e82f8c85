// npm test: runs all tests in two mocha jobs, but a few files alone, and, in parallel, the static checks. The last line counts both.
// npm test -- GROUPS, FILES, FOLDERS or OPTIONS: runs only these tests, without the static checks. `npm test -- --help` explains them.
require("./node-version");
const { existsSync, readdirSync, statSync } = require("node:fs");
const { setPriority } = require("node:os");
const { join, relative, resolve, sep } = require("node:path");
const { performance } = require("node:perf_hooks");
const { parseArgs } = require("node:util");
const { runMocha } = require("./test/mocha-run");
const { isStopping, start } = require("./test/process-groups");

const PROJECT = join(__dirname, "..");
/** Scripts of package.json. Each one counts as a test. */
const CHECKS = ["types", "lint", "layers", "unused"];
/** Nice value of the checks, so that they do not slow down the tests, which have timeouts. */
const CHECK_PRIORITY = 10;
/** Folders under tests/ by group. All other folders belong to the group "unit". */
const FOLDERS = {
  program: ["program"],
  local: ["local"],
  browser: ["browser"],
  engine: ["engine"],
  e2e: ["cli", "contract", "drills", "e2e", "emulators"],
};
const GROUPS = ["unit", ...Object.keys(FOLDERS)];
/** Options that are passed on to mocha. */
const OPTIONS = {
  grep: { type: "string", short: "g" },
  fgrep: { type: "string", short: "f" },
  invert: { type: "boolean", short: "i" },
  bail: { type: "boolean", short: "b" },
  timeout: { type: "string", short: "t" },
  retries: { type: "string" },
  "dry-run": { type: "boolean" },
  "full-trace": { type: "boolean" },
  "forbid-pending": { type: "boolean" },
  inspect: { type: "boolean" },
  "inspect-brk": { type: "boolean" },
};
/** Options of this script. */
const OWN_OPTIONS = { all: { type: "boolean" }, help: { type: "boolean", short: "h" } };
const HELP = `usage: npm test -- [GROUP | FILE | FOLDER]... [OPTION]...

Without arguments, runs all tests and the static checks. With arguments, runs only the selected tests.

groups:   ${GROUPS.join(", ")}
files:    tests/functions/tickets/update.test.ts
folders:  tests/ui
options:  ${Object.keys(OPTIONS)
  .map((name) => `--${name}`)
  .join(", ")}
          They are mocha's. npx mocha FILE accepts all of mocha's options.
--all     lets tests that take a random sample of cases run every case, which takes hours: tests/engine/failures.test.ts
          then lets every resource fail. Without it, the title of such a test shows the seed that repeats its sample.`;
/** Files with requests that must be answered within seconds. On a busy machine these requests time out. */
const ALONE = [
  "tests/engine/live-traffic.test.ts",
  "tests/browser/cold-starts.test.ts",
  "tests/drills/drills.test.ts",
];
/** Folders with the slowest files. They start first, so that no job ends late with one of them. */
const LONGEST = ["engine", "contract", "browser", "cli", "drills"];

main(process.argv.slice(2));

async function main(args) {
  const { files, options, isWhole } = selection(args);
  const checks = isWhole ? runChecks() : [];
  const counts = await runTests(files, options);
  const results = await checks;
  if (isStopping()) return;
  for (const { name, seconds, output } of results.filter(({ passed }) => !passed))
    console.log(`npm run ${name} failed after ${seconds} s:\n\n${output}`);
  for (const { name, seconds, passed } of results)
    console.log(`${passed ? "passed" : "FAILED"}: npm run ${name} (${seconds} s)`);
  if (!isWhole)
    console.log(
      `skipped: ${CHECKS.map((name) => `npm run ${name}`).join(", ")} (only npm test without arguments runs them)`,
    );
  const failed = counts.failed + results.filter(({ passed }) => !passed).length;
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
  console.log(
    `\n${counts.passed + results.filter(({ passed }) => passed).length} passed, ${failed} failed${skipped}`,
  );
  process.exitCode = failed > 0 ? 1 : 0;
}

/**
 * Runs the files that must run alone, in one job, and then the others, in two jobs. With options there is no such order.
 * @returns the sums of their counts.
 */
async function runTests(files, options) {
  const isAlone = (file) => options.length === 0 && ALONE.includes(file.split(sep).join("/"));
  const total = { passed: 0, failed: 0, skipped: 0 };
  const parts = [files.filter(isAlone), files.filter((file) => !isAlone(file))];
  for (const [index, part] of parts.entries()) {
    if (part.length === 0 || isStopping()) continue;
    const jobs = index > 0 && part.length > 1 ? ["--parallel", "--jobs", "2"] : [];
    const counts = await runMocha({ args: [...jobs, ...options, ...part] });
    for (const count of Object.keys(total)) total[count] += counts[count];
  }
  return total;
}

/** Test files and options of mocha from the command line. Without files or a group: all tests. */
function selection(args) {
  const { names, options } = parsed(args);
  const files = (names.length > 0 ? names : GROUPS).flatMap((name) =>
    GROUPS.includes(name) ? filesOfGroup(name) : filesOfPath(name),
  );
  return { files: longestFirst([...new Set(files)]), options, isWhole: args.length === 0 };
}

function parsed(args) {
  const options = { ...OPTIONS, ...OWN_OPTIONS };
  try {
    const { positionals, tokens, values } = parseArgs({
      args,
      options,
      allowPositionals: true,
      tokens: true,
    });
    if (values.help) {
      console.log(HELP);
      process.exit(0);
    }
    // Read by tests/support/sampling.ts.
    if (values.all) process.env.TEST_ALL = "1";
    const passed = tokens.filter(({ kind, name }) => kind === "option" && !Object.hasOwn(OWN_OPTIONS, name));
    return {
      names: positionals,
      options: passed.flatMap(({ name, value }) =>
        value === undefined ? [`--${name}`] : [`--${name}=${value}`],
      ),
    };
  } catch (error) {
    return reject(error.message);
  }
}

/** Prints an error in the command line and exits with status 2. */
function reject(message) {
  console.error(`${message}\n\n${HELP}`);
  process.exit(2);
}

/** Returns the test files of a path on the command line. */
function filesOfPath(name) {
  const path = relative(PROJECT, resolve(name));
  const isInside = path.split(sep)[0] === "tests";
  if (!isInside || !existsSync(join(PROJECT, path)))
    return reject(`${name} is neither a group nor a file or folder in ${join(PROJECT, "tests")}.`);
  const files = testFiles(path);
  if (files.length === 0)
    return reject(`${name} contains no tests. The names of test files end with .test.ts.`);
  return files;
}

function filesOfGroup(group) {
  const named = Object.values(FOLDERS).flat();
  return testFiles("tests").filter((file) =>
    FOLDERS[group] ? FOLDERS[group].includes(folderOf(file)) : !named.includes(folderOf(file)),
  );
}

/** Returns the folder under tests/ that contains a file; the file name for a file directly in tests/. */
function folderOf(file) {
  return file.split(sep)[1];
}

function longestFirst(files) {
  const rank = (file) => LONGEST.indexOf(folderOf(file)) + 1 || LONGEST.length + 1;
  return files.sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1));
}

/** Returns the test files of a folder, or the file itself. */
function testFiles(path) {
  if (!statSync(join(PROJECT, path)).isDirectory()) return path.endsWith(".test.ts") ? [path] : [];
  const names = readdirSync(join(PROJECT, path), { recursive: true });
  return names.filter((name) => name.endsWith(".test.ts")).map((name) => join(path, name));
}

/** Runs the checks one after the other, so that they use only one processor. */
async function runChecks() {
  const results = [];
  for (const name of CHECKS) {
    if (isStopping()) break;
    const begin = performance.now();
    const { passed, output } = await runCheck(name);
    results.push({ name, passed, output, seconds: Math.round((performance.now() - begin) / 1000) });
  }
  return results;
}

function runCheck(name) {
  return new Promise((resolve) => {
    const child = start("npm", ["run", "--silent", name], { stdio: ["ignore", "pipe", "pipe"] });
    if (child.pid !== undefined) setPriority(child.pid, CHECK_PRIORITY);
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => (output += text));
    child.once("error", (error) => resolve({ passed: false, output: error.message }));
    child.once("close", (code) => resolve({ passed: code === 0, output }));
  });
}
