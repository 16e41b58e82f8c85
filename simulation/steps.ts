/**
 * Fate of one call over the network: it succeeds, succeeds late, fails before or after it took effect, or the caller crashes before
 * or after it took effect.
 */
export type Fate = "works" | "slow" | "fails before" | "fails after" | "crashes before" | "crashes after";

/** Step of a simulation. Regions are 0 and 1. Tickets are numbers, modulo the number of existing tickets. */
export type Step =
  | { readonly kind: "time passes"; readonly milliseconds: number }
  /** Sets the error of a region's clock, in milliseconds. */
  | { readonly kind: "clock"; readonly region: number; readonly skew: number }
  /** With a key, the request is idempotent. The key may have been used before with another value. */
  | {
      readonly kind: "create";
      readonly region: number;
      readonly key: number | undefined;
      readonly value: number;
      readonly fate: Fate;
    }
  /** If conditional, the request has If-Match with the region's version. */
  | {
      readonly kind: "edit";
      readonly region: number;
      readonly ticket: number;
      readonly value: number;
      readonly conditional: boolean;
      readonly fate: Fate;
    }
  | {
      readonly kind: "delete";
      readonly region: number;
      readonly ticket: number;
      readonly conditional: boolean;
      readonly fate: Fate;
    }
  /** Repeats a request with a key or If-Match in any region. The number is modulo the number of such requests. */
  | { readonly kind: "repeat"; readonly region: number; readonly request: number; readonly fate: Fate }
  /** TTL purges a region's expired tombstones. */
  | { readonly kind: "purge"; readonly region: number }
  /** Delivers the next records of a lane of a region's stream. */
  | { readonly kind: "deliver"; readonly region: number; readonly lane: number; readonly batch: Batch }
  /** Delivers earlier records of a lane again, from a relative position of 0 to 1. */
  | {
      readonly kind: "deliver again";
      readonly region: number;
      readonly lane: number;
      readonly from: number;
      readonly batch: Batch;
    }
  | { readonly kind: "reconcile"; readonly fates: readonly Fate[] }
  | { readonly kind: "link"; readonly cut: boolean }
  /** Writes an item to a region's table that can never be applied in the other. */
  | { readonly kind: "poison"; readonly region: number; readonly poison: Poison }
  | { readonly kind: "together"; readonly steps: readonly Delayed[] };

/** Reason why an item can never be applied in the other region. */
export type Poison = "malformed" | "of the future" | "refused" | "forged";

/** Step that runs concurrently with others, and starts after a number of turns of the microtask queue. */
interface Delayed {
  readonly step: Step;
  readonly after: number;
}

/** Delivery of a batch of stream records. */
export interface Batch {
  readonly size: number;
  /** Whether the records of later items are delivered first. */
  readonly itemsReversed: boolean;
  /** Fates of the first calls, in order; all later calls work. */
  readonly fates: readonly Fate[];
}
