const { relative } = require("node:path");
const { reporters, Runner } = require("mocha");

const { EVENT_HOOK_END, EVENT_RUN_END, EVENT_TEST_END, EVENT_TEST_FAIL, EVENT_TEST_PENDING } =
  Runner.constants;
/** Number of the slowest files whose time is shown. */
const SLOWEST = 15;

/**
 * Mocha's spec reporter, with the error of a failed test below its title, the titles of skipped tests and the counts at the end, and the
 * time of the slowest files. A run that is stopped before its end has then reported the failures and times of the files that have ended.
 */
module.exports = class Reporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    showTimes(runner);
    const skipped = [];
    runner.on(EVENT_TEST_PENDING, (test) => skipped.push(test.fullTitle()));
    runner.on(EVENT_TEST_FAIL, (test, error) =>
      console.log(String(error.stack ?? error.message).replace(/^/gm, "        ")),
    );
    runner.once(EVENT_RUN_END, () => {
      for (const title of skipped) console.log(`skipped: ${title}`);
      const { passes, failures } = this.stats;
      const pending = skipped.length > 0 ? `, ${skipped.length} skipped` : "";
      console.log(`\n${passes} passed, ${failures} failed${pending}`);
    });
  }
};

/** Prints the time of the slowest files when the process ends or is stopped. */
function showTimes(runner) {
  const times = new Map();
  const add = ({ file, duration = 0 }) => file && times.set(file, (times.get(file) ?? 0) + duration);
  for (const event of [EVENT_TEST_END, EVENT_HOOK_END]) runner.on(event, add);
  // A hook that failed has no end.
  runner.on(EVENT_TEST_FAIL, (failed) => failed.type === "hook" && add(failed));
  const show = () => {
    const slowest = [...times].sort(([, one], [, other]) => other - one).slice(0, SLOWEST);
    times.clear();
    if (slowest.length < 2) return;
    console.log("\nTime of the slowest files:");
    for (const [file, milliseconds] of slowest)
      console.log(`${String(Math.round(milliseconds / 1000)).padStart(6)} s  ${relative("", file)}`);
  };
  process.once("exit", show);
  process.once("SIGINT", () => {
    show();
    // In one job, mocha has no handler of its own, and this one has replaced the default action.
    if (process.listenerCount("SIGINT") === 0) process.kill(process.pid, "SIGINT");
  });
}
