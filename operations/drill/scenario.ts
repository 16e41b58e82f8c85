import type { RegionState } from "../../local/aws/region-state";

/** A region by its role in routing at the drill's start. */
export type Role = "primary" | "secondary";

/** A state that a drill can put a region into. */
export type BrokenState = Exclude<RegionState, "up">;

/** What a step can wait for. */
export type Condition =
  /** DNS answers the region. */
  | "dns-on-primary"
  | "dns-on-secondary"
  /** The last requests of the writer and the reader, which follow DNS, were all answered by the region. */
  | "clients-on-primary"
  | "clients-on-secondary"
  /** So were those of the page too. */
  | "everybody-on-primary"
  /** Every acknowledged write was seen in the other region. */
  | "replicated"
  /** The secondary says that it has taken over. */
  | "taken-over";

/** A range of seconds from which a seeded choice is made. */
export type SecondsRange = readonly [least: number, most: number];

/** One step of a scenario. Seconds are real ones; the local cloud's speed divides them. */
export type Step =
  | { readonly do: "break"; readonly role: Role; readonly state: BrokenState }
  | { readonly do: "mend"; readonly role: Role }
  | { readonly do: "wait"; readonly seconds: number }
  /** Goes on when the time has passed, too; what that means is for the expectations to say. */
  | { readonly do: "until"; readonly condition: Condition; readonly withinSeconds: number }
  /** The operator takes over by hand. */
  | { readonly do: "takeover" }
  | {
      readonly do: "flap";
      readonly role: Role;
      readonly state: BrokenState;
      readonly times: number;
      readonly brokenSeconds: SecondsRange;
      readonly soundSeconds: SecondsRange;
    };

/** Who asks in a drill: two that follow DNS, and one that fails over by itself as the page does. */
export type ClientName = "writer" | "reader" | "page";

/** What is expected of a drill. Seconds are real ones. */
export type Expectation =
  /** Every write that was acknowledged is in both regions at the end. */
  | { readonly kind: "nothing-lost" }
  /** The client was never interrupted, or was served again so soon after the fault. */
  | {
      readonly kind: "back-within";
      readonly client: ClientName;
      readonly seconds: number;
      /** On top of those, what no speed divides. */
      readonly undividedSeconds?: number;
    }
  /** The client was served by the secondary after the fault: else it was not put to the test. */
  | { readonly kind: "client-moves"; readonly client: ClientName }
  /** No request of the client failed. */
  | { readonly kind: "uninterrupted"; readonly client: ClientName }
  /** DNS went to the secondary after the fault. */
  | { readonly kind: "dns-moves" }
  /** DNS did not leave the primary before the operator took over, or never when nobody did. */
  | { readonly kind: "dns-stays" }
  /** DNS left the primary so often at most. */
  | { readonly kind: "moves-at-most"; readonly times: number }
  /** The secondary took over. */
  | { readonly kind: "taken-over" }
  /** When DNS left, the secondary took over, and DNS did not go back before the failback. */
  | { readonly kind: "gated" }
  /** Some acknowledged writes could not be in the other region yet when it took over. */
  | { readonly kind: "some-late" }
  /** DNS and its clients are served by the primary at the end. */
  | { readonly kind: "ends-on-primary" };

/** What is broken, in which order, and what is expected then. */
export interface Scenario {
  readonly name: string;
  /** One line for people. */
  readonly title: string;
  readonly steps: readonly Step[];
  readonly expects: readonly Expectation[];
}

/** Whether a scenario can be taken back on AWS: the takeover and a paused replication can, a broken region cannot. */
export function isReversible(scenario: Scenario): boolean {
  return statesOf(scenario).every((state) => state === "isolated");
}

/** The states that a scenario puts regions into. */
export function statesOf({ steps }: Scenario): BrokenState[] {
  return steps.flatMap((step) => ("state" in step ? [step.state] : []));
}
