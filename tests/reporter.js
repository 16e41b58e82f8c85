const { reporters, Runner } = require("mocha");

/** Mocha's spec reporter, with the titles of skipped tests and the counts at the end. */
module.exports = class Reporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const skipped = [];
    runner.on(Runner.constants.EVENT_TEST_PENDING, (test) => skipped.push(test.fullTitle()));
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      for (const title of skipped) console.log(`skipped: ${title}`);
      const { passes, failures } = this.stats;
      const pending = skipped.length > 0 ? `, ${skipped.length} skipped` : "";
      console.log(`\n${passes} passed, ${failures} failed${pending}`);
    });
  }
};
