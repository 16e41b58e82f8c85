import fc from "fast-check";

/**
 * What becomes of one write to the other region: it works, it fails before or after it took effect, or the function
 * ends in its midst and answers nothing.
 */
export type Fate = "works" | "fails before" | "fails after" | "crashes before" | "crashes after";

/** One thing that happens. Regions are 0 and 1; tickets are numbers, counted round over those that there are. */
export type Step =
  | { readonly kind: "time passes"; readonly milliseconds: number }
  /** A region's clock is wrong by so many milliseconds from now on. */
  | { readonly kind: "clock"; readonly region: number; readonly skew: number }
  | { readonly kind: "create"; readonly region: number }
  | { readonly kind: "edit"; readonly region: number; readonly ticket: number; readonly value: number }
  | { readonly kind: "delete"; readonly region: number; readonly ticket: number }
  /** The next records of a region's stream. */
  | { readonly kind: "deliver"; readonly region: number; readonly batch: Batch }
  /** Records of a region's stream that were delivered before, beginning somewhere in 0 to 1 of them. */
  | { readonly kind: "deliver again"; readonly region: number; readonly from: number; readonly batch: Batch }
  | { readonly kind: "link"; readonly cut: boolean }
  /** An item comes into a region's table that the application would never write. */
  | { readonly kind: "poison"; readonly region: number; readonly malformed: boolean }
  | { readonly kind: "together"; readonly steps: readonly Delayed[] };

/** A step among others at the same time, begun so many turns of the event loop's microtasks later. */
export interface Delayed {
  readonly step: Step;
  readonly after: number;
}

/** How a batch of stream records is delivered. */
export interface Batch {
  readonly size: number;
  /** Whether the records of later items come first. */
  readonly itemsReversed: boolean;
  /** What becomes of the first writes, in the order that they are tried; all others work. */
  readonly fates: readonly Fate[];
}

const region = fc.integer({ min: 0, max: 1 });
// Few tickets and few different times, so that conflicts and equal times are common.
const ticket = fc.integer({ min: 0, max: 3 });
const milliseconds = fc.constantFrom(1, 1, 2, 1000, 60_000);
const skew = fc.constantFrom(0, 0, 1, -1, 1000, -1000, 120_000, -120_000);
const fates = fc.array(
  fc.constantFrom<Fate>("works", "works", "fails before", "fails after", "crashes before", "crashes after"),
  { maxLength: 4 },
);
const batch: fc.Arbitrary<Batch> = fc.record(
  { size: fc.integer({ min: 1, max: 12 }), itemsReversed: fc.boolean(), fates },
  { noNullPrototype: true },
);
const again = { from: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), batch };

const single = fc.oneof(
  { weight: 4, arbitrary: stepOf("time passes", { milliseconds }) },
  { weight: 2, arbitrary: stepOf("clock", { region, skew }) },
  { weight: 2, arbitrary: stepOf("create", { region }) },
  { weight: 14, arbitrary: stepOf("edit", { region, ticket, value: fc.integer({ min: 0, max: 9 }) }) },
  { weight: 3, arbitrary: stepOf("delete", { region, ticket }) },
  { weight: 10, arbitrary: stepOf("deliver", { region, batch }) },
  { weight: 4, arbitrary: stepOf("deliver again", { region, ...again }) },
  { weight: 1, arbitrary: stepOf("link", { cut: fc.boolean() }) },
  { weight: 1, arbitrary: stepOf("poison", { region, malformed: fc.boolean() }) },
);

const delayed = fc.record({ step: single, after: fc.integer({ min: 0, max: 8 }) }, { noNullPrototype: true });
const together = stepOf("together", { steps: fc.array(delayed, { minLength: 2, maxLength: 4 }) });

const OPENING: readonly Step[] = [
  { kind: "create", region: 0 },
  { kind: "create", region: 1 },
  { kind: "deliver", region: 0, batch: { size: 1, itemsReversed: false, fates: [] } },
];

/** What happens in one simulation, after two tickets were created and one of them came to the other region. */
export const anySteps: fc.Arbitrary<Step[]> = fc
  .array(fc.oneof({ weight: 4, arbitrary: single }, { weight: 1, arbitrary: together }), {
    maxLength: 80,
    size: "max",
  })
  .map((steps) => [...OPENING, ...steps]);

function stepOf(kind: Step["kind"], details: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Step> {
  const model = { kind: fc.constant(kind), ...details };
  return fc.record(model, { noNullPrototype: true }) as fc.Arbitrary<unknown> as fc.Arbitrary<Step>;
}
