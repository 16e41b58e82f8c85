/**
 * What becomes of one call over the network, in the order that calls are made: it works, it works late, it fails or is
 * throttled before or after it took effect, or the caller ends in its midst and does nothing more.
 */
export type Fate = "works" | "slow" | "fails before" | "fails after" | "crashes before" | "crashes after";

/** One thing that happens. Regions are 0 and 1; tickets are numbers, counted round over those that there are. */
export type Step =
  | { readonly kind: "time passes"; readonly milliseconds: number }
  /** A region's clock is wrong by so many milliseconds from now on. */
  | { readonly kind: "clock"; readonly region: number; readonly skew: number }
  /** With a key, the request is idempotent, and may come with another value under a key that was used before. */
  | {
      readonly kind: "create";
      readonly region: number;
      readonly key: number | undefined;
      readonly value: number;
      readonly fate: Fate;
    }
  /** Conditional: with If-Match for the version that the region has. */
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
  /** A client sends a request with a key or If-Match again, to any region; they are counted round. */
  | { readonly kind: "repeat"; readonly region: number; readonly request: number; readonly fate: Fate }
  /** TTL purges a region's expired tombstones. */
  | { readonly kind: "purge"; readonly region: number }
  /** The next records of a lane of a region's stream. */
  | { readonly kind: "deliver"; readonly region: number; readonly lane: number; readonly batch: Batch }
  /** Records of a lane that were delivered before, beginning somewhere in 0 to 1 of them. */
  | {
      readonly kind: "deliver again";
      readonly region: number;
      readonly lane: number;
      readonly from: number;
      readonly batch: Batch;
    }
  | { readonly kind: "reconcile"; readonly fates: readonly Fate[] }
  | { readonly kind: "link"; readonly cut: boolean }
  /** An item comes into a region's table that can never be applied in the other. */
  | { readonly kind: "poison"; readonly region: number; readonly poison: Poison }
  | { readonly kind: "together"; readonly steps: readonly Delayed[] };

/** Why an item can never be applied in the other region. */
export type Poison = "malformed" | "of the future" | "refused" | "forged";

/** A step among others at the same time, begun so many turns of the event loop's microtasks later. */
interface Delayed {
  readonly step: Step;
  readonly after: number;
}

/** How a batch of stream records is delivered. */
export interface Batch {
  readonly size: number;
  /** Whether the records of later items come first. */
  readonly itemsReversed: boolean;
  /** What becomes of the first calls, in the order that they are made; all others work. */
  readonly fates: readonly Fate[];
}
