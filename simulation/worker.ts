import type { Answer, Order } from "./crew";
import { trySeed } from "./schedule";

/** A process of the crew: tries the seeds that it is sent, and answers after each order or at the first failure. */
process.on("message", async ({ from, count }: Order) => {
  for (let seed = from; seed < from + count; seed++) {
    const failure = await trySeed(seed);
    if (failure) return answer({ failure });
  }
  answer({});
});
// Nobody is left to answer to.
process.on("disconnect", () => process.exit());

function answer(message: Answer): void {
  process.send?.(message);
}
