import type { RangeResult, SeedRange } from "./workers";
import { trySeed } from "./schedule";

/** Worker process: tries the ranges of seeds that it receives, and reports after each range or at the first failure. */
process.on("message", async ({ from, count }: SeedRange) => {
  for (let seed = from; seed < from + count; seed++) {
    const failure = await trySeed(seed);
    if (failure) return report({ failure });
  }
  report({});
});
// Ends with the parent process.
process.on("disconnect", () => process.exit());

function report(message: RangeResult): void {
  process.send?.(message);
}
