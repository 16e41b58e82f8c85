import fc from "fast-check";
import type { TicketChanges, TicketFilter } from "../../ui/src/data/api-types";
import type { Behaviour } from "./fake-regions";
import { StoreModel } from "./store-model";
import type { Step } from "./store-steps";

const nth = fc.nat(20);
const region = fc.constantFrom<0 | 1>(0, 1);
const changes: fc.Arbitrary<TicketChanges> = fc.oneof(
  fc.record({ priority: fc.constantFrom("low", "medium", "high") }),
  fc.record({ status: fc.constantFrom("open", "assigned", "closed") }),
  fc.record({ assignee: fc.constantFrom("", "Ada", "Grace") }),
);
const filter: fc.Arbitrary<TicketFilter> = fc.oneof(
  fc.constant({}),
  fc.record({ status: fc.constantFrom("open", "closed") }),
  fc.record({ assignee: fc.constantFrom("", "Ada") }),
);
const behaviour = fc.constantFrom<Behaviour>("up", "up", "late", "cut", "silent", "mute", "lost", 500, 503);
const behaviours = fc.tuple(behaviour, behaviour);

const own: fc.WeightedArbitrary<Step>[] = [
  { weight: 4, arbitrary: fc.record({ does: fc.constant("create"), again: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ does: fc.constant("change"), nth, changes }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant("remove"), nth, undo: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("show"), filter }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constantFrom("refresh", "loadMore") }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constantFrom("replicate", "index") }) },
  // All steps together take less time than a region may be behind.
  { weight: 5, arbitrary: fc.record({ does: fc.constant("wait"), milliseconds: fc.nat(1_500) }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant("fail"), reads: behaviours, writes: behaviours }) },
];
const others: fc.WeightedArbitrary<Step> = {
  weight: 3,
  arbitrary: fc.record(
    { does: fc.constant("other"), region, nth, changes },
    { requiredKeys: ["does", "region", "nth"] },
  ),
};

/** The same runs each time. */
const RUNS = { numRuns: 300, seed: 20260101 };

async function holdsFor(steps: readonly Step[]): Promise<void> {
  const model = new StoreModel();
  for (const step of steps) await model.run(step);
  await model.end();
}

describe("The page's tickets, whatever the user, others and the regions do", () => {
  const lengths = { minLength: 10, maxLength: 35, size: "max" } as const;

  it("end as the regions have them, with everything that was acknowledged, and none twice", async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.oneof(...own), lengths), holdsFor), RUNS);
  });

  it("end as the regions have them when others write too", async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.oneof(...own, others), lengths), holdsFor), RUNS);
  });
});
