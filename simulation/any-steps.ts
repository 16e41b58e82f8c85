import fc from "fast-check";
import { LANES } from "./simulated-stream";
import type { Batch, Fate, Poison, Step } from "./steps";

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

const region = fc.integer({ min: 0, max: 1 });
const lane = fc.integer({ min: 0, max: LANES - 1 });
// Few tickets and few different times, so that conflicts and equal times are common.
const ticket = fc.integer({ min: 0, max: 3 });
const value = fc.integer({ min: 0, max: 9 });
const fewValues = fc.integer({ min: 0, max: 1 });
const key = fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined, freq: 3 });
const conditional = fc.boolean();
const request = fc.integer({ min: 0, max: 9 });
const milliseconds = fc.constantFrom(1, 1, 2, 1000, 60_000);
/** Longer than the retention of a stream. Two of the longest exceed the TTL of a tombstone. */
const longMilliseconds = fc.constantFrom(25 * HOUR_MS, 16 * DAY_MS, 16 * DAY_MS);
const skew = fc.constantFrom(0, 0, 1, -1, 1000, -1000, 120_000, -120_000);
const trouble = fc.constantFrom<Fate>("fails before", "fails after", "crashes before", "crashes after");
const fate = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<Fate>("works", "slow") },
  { weight: 3, arbitrary: trouble },
);
const requestFate = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom<Fate>("works", "works", "slow") },
  { weight: 1, arbitrary: trouble },
);
const fates = fc.array(fate, { maxLength: 8 });
const batch: fc.Arbitrary<Batch> = fc.record(
  { size: fc.integer({ min: 1, max: 12 }), itemsReversed: fc.boolean(), fates },
  { noNullPrototype: true },
);
const from = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const poison = fc.constantFrom<Poison>("malformed", "of the future", "refused", "forged");

const single = fc.oneof(
  { weight: 8, arbitrary: stepOf("time passes", { milliseconds }) },
  { weight: 4, arbitrary: stepOf("clock", { region, skew }) },
  { weight: 5, arbitrary: stepOf("create", { region, key, value: fewValues, fate: requestFate }) },
  { weight: 28, arbitrary: stepOf("edit", { region, ticket, value, conditional, fate: requestFate }) },
  { weight: 6, arbitrary: stepOf("delete", { region, ticket, conditional, fate: requestFate }) },
  { weight: 8, arbitrary: stepOf("repeat", { region, request, fate: requestFate }) },
  { weight: 2, arbitrary: stepOf("purge", { region }) },
  { weight: 24, arbitrary: stepOf("deliver", { region, lane, batch }) },
  { weight: 8, arbitrary: stepOf("deliver again", { region, lane, from, batch }) },
  { weight: 1, arbitrary: stepOf("reconcile", { fates }) },
  { weight: 2, arbitrary: stepOf("link", { cut: fc.boolean() }) },
  { weight: 2, arbitrary: stepOf("poison", { region, poison }) },
);

const delayed = fc.record(
  { step: single, after: fc.integer({ min: 0, max: 12 }) },
  { noNullPrototype: true },
);
const together = stepOf("together", { steps: fc.array(delayed, { minLength: 2, maxLength: 4 }) });

const ALL: Batch = { size: 12, itemsReversed: false, fates: [] };
const OPENING: readonly Step[] = [
  { kind: "create", region: 0, key: undefined, value: 0, fate: "works" },
  { kind: "create", region: 1, key: undefined, value: 0, fate: "works" },
  { kind: "deliver", region: 0, lane: 0, batch: ALL },
  { kind: "deliver", region: 0, lane: 1, batch: ALL },
];

/** Steps of one simulation. It starts with two created tickets, one of which is replicated. */
export const anySteps: fc.Arbitrary<Step[]> = fc
  .array(
    fc.oneof(
      { weight: 80, arbitrary: single },
      { weight: 20, arbitrary: together },
      // Never concurrent with other steps: no request takes days.
      { weight: 2, arbitrary: stepOf("time passes", { milliseconds: longMilliseconds }) },
    ),
    {
      maxLength: 80,
      size: "max",
    },
  )
  .map((steps) => [...OPENING, ...steps]);

function stepOf(kind: Step["kind"], details: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Step> {
  const model = { kind: fc.constant(kind), ...details };
  return fc.record(model, { noNullPrototype: true }) as fc.Arbitrary<unknown> as fc.Arbitrary<Step>;
}
