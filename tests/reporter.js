const { reporters, Runner } = require("mocha");

/**
 * Mocha's spec reporter, with the error of a failed test below its title, the titles of skipped tests and the counts at the end. A run that
 * is stopped before its end has then reported its failures.
 */
module.exports = class Reporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const skipped = [];
    runner.on(Runner.constants.EVENT_TEST_PENDING, (test) => skipped.push(test.fullTitle()));
    runner.on(Runner.constants.EVENT_TEST_FAIL, (test, error) =>
      console.log(String(error.stack ?? error.message).replace(/^/gm, "        ")),
    );
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      for (const title of skipped) console.log(`skipped: ${title}`);
      const { passes, failures } = this.stats;
      const pending = skipped.length > 0 ? `, ${skipped.length} skipped` : "";
      console.log(`\n${passes} passed, ${failures} failed${pending}`);
    });
  }
};
