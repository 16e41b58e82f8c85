// Runs mocha in a child process and returns the counts that tests/reporter.js prints.
const { join } = require("node:path");
const { isStopping, start } = require("./process-groups");

const MOCHA = require.resolve("mocha/bin/mocha.js");
const COUNTS = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/;

/**
 * Runs mocha and prints its output, except the line with the counts. A run without a failed test that fails or runs no test counts as one
 * failure.
 * @param args files and options of mocha.
 * @param node path of the Node.js binary.
 * @param env environment of mocha.
 * @returns the numbers of passed, failed and skipped tests.
 */
exports.runMocha = async ({ args, node = process.execPath, env = process.env }) => {
  const color = process.stdout.isTTY && !env.NO_COLOR ? ["--color"] : [];
  const options = ["--reporter", join("tests", "reporter.js"), ...color];
  const child = start(node, [MOCHA, ...options, ...args], { env, stdio: ["ignore", "pipe", "inherit"] });
  const counts = { passed: 0, failed: 0, skipped: 0 };
  passLines(child.stdout, (line) => {
    const found = COUNTS.exec(line);
    if (!found) return true;
    [counts.passed, counts.failed, counts.skipped] = found.slice(1).map((count) => Number(count ?? 0));
    return false;
  });
  const status = await new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    // "close" comes after the last line of output, unlike "exit".
    child.once("close", (code, signal) => resolve(code ?? signal));
  });
  if (isStopping()) return counts;
  const isEmpty = counts.passed + counts.skipped === 0;
  if (counts.failed > 0 || (status === 0 && !isEmpty)) return counts;
  console.error(
    status === 0
      ? "No test ran. If --grep or --fgrep is set, no title matches it."
      : `mocha ended with ${status} after ${counts.passed} passed tests.`,
  );
  return { ...counts, failed: 1 };
};

/** Copies a stream to standard output line by line, without the lines that are not wanted. */
function passLines(stream, isWanted) {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop();
    for (const line of lines) if (isWanted(line)) process.stdout.write(`${line}\n`);
  });
  stream.on("end", () => process.stdout.write(rest));
}
