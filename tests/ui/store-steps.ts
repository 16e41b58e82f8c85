import fc from "fast-check";
import type { TicketChanges, TicketFilter } from "../../ui/src/data/api-types";
import type { Behavior } from "./fake-regions";

/** Step of a test run. `nth` selects a ticket. */
export type Step =
  | { readonly does: "create"; readonly again: boolean }
  | { readonly does: "change"; readonly nth: number; readonly changes: TicketChanges }
  | { readonly does: "remove"; readonly nth: number; readonly undo: boolean }
  | { readonly does: "show"; readonly filter: TicketFilter }
  | { readonly does: "refresh" | "loadMore" | "replicate" | "index" }
  | { readonly does: "wait"; readonly milliseconds: number }
  | { readonly does: "fail"; readonly reads: Behaviors; readonly writes: Behaviors }
  | {
      readonly does: "other";
      readonly region: 0 | 1;
      readonly nth: number;
      readonly changes?: TicketChanges;
    };

/** Behaviors of Ireland and Singapore. */
type Behaviors = readonly [Behavior, Behavior];

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
const behavior = fc.constantFrom<Behavior>(
  "up",
  "up",
  "slow",
  "disconnects",
  "hangs",
  "applies, hangs",
  "applies, disconnects",
  "applies, gateway 503",
  500,
  503,
);
const behaviors = fc.tuple(behavior, behavior);

/** Steps of the user and the regions. */
export const OWN_STEPS: fc.WeightedArbitrary<Step>[] = [
  { weight: 4, arbitrary: fc.record({ does: fc.constant("create"), again: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ does: fc.constant("change"), nth, changes }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant("remove"), nth, undo: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("show"), filter }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constantFrom("refresh", "loadMore") }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constantFrom("replicate", "index") }) },
  // All steps together take less time than the replication lag that the cache compensates.
  { weight: 5, arbitrary: fc.record({ does: fc.constant("wait"), milliseconds: fc.nat(1_500) }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant("fail"), reads: behaviors, writes: behaviors }) },
];
/** Steps of other clients. */
export const OTHER_STEPS: fc.WeightedArbitrary<Step> = {
  weight: 3,
  arbitrary: fc.record(
    { does: fc.constant("other"), region, nth, changes },
    { requiredKeys: ["does", "region", "nth"] },
  ),
};
