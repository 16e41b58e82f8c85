import type { RegionState } from "../../local/aws/region-state";

/** A region's role in routing when the drill starts. */
export type Role = "primary" | "secondary";

/** A state in which a region is broken. */
export type BrokenState = Exclude<RegionState, "up">;

/** A condition that a step waits for. */
export type Condition =
  /** DNS answers with the region, and it answered the last requests of the writer and the reader. */
  | "clients-on-primary"
  | "clients-on-secondary"
  /** The same, including the web UI's client, which follows a takeover of a healthy primary by the routing states. */
  | "all-clients-on-primary"
  | "all-clients-on-secondary"
  /** Every acknowledged write has reached the other region. */
  | "replicated"
  /** The secondary reports a takeover. */
  | "taken-over";

/** A range of seconds from which the seed selects a value. */
export type SecondsRange = readonly [least: number, most: number];

/** One step of a scenario. Seconds are divided by the speed of the local cloud. */
export type Step =
  | { readonly do: "break"; readonly role: Role; readonly state: BrokenState }
  | { readonly do: "repair"; readonly role: Role }
  | { readonly do: "wait"; readonly seconds: number }
  /** Continues after the time limit as well; the expectations evaluate the outcome. */
  | { readonly do: "until"; readonly condition: Condition; readonly withinSeconds: number }
  /** The operator takes over. */
  | { readonly do: "takeover" }
  | {
      readonly do: "flap";
      readonly role: Role;
      readonly state: BrokenState;
      readonly times: number;
      readonly brokenSeconds: SecondsRange;
      readonly healthySeconds: SecondsRange;
    };

/** Clients of a drill: two follow DNS; `page` is the web UI's client, which fails over by itself. */
export type ClientName = "writer" | "reader" | "page";

/** Names of the clients in texts. */
export const CLIENT_LABELS: Readonly<Record<ClientName, string>> = {
  writer: "writer",
  reader: "reader",
  page: "web UI",
};

/** Clients of the failover name with keep-alive, without and with the rules for clients. They do not count for the verdict. */
export type KeepAliveClientName = "keepAlive" | "keepAliveWithRules";

/** Names of the clients with keep-alive in texts. */
export const KEEP_ALIVE_LABELS: Readonly<Record<KeepAliveClientName, string>> = {
  keepAlive: "keep-alive",
  keepAliveWithRules: "keep-alive with rules",
};

/** An expected outcome of a drill. Seconds are real time. */
export type Expectation =
  /** Every acknowledged write is in both regions at the end. */
  | { readonly kind: "nothing-lost" }
  /** The client is never interrupted, or is served again within this time after the fault. */
  | {
      readonly kind: "back-within";
      readonly client: ClientName;
      readonly seconds: number;
      /** Additional time, which the speed does not divide. */
      readonly undividedSeconds?: number;
    }
  /** The secondary serves the client after the fault; otherwise the fault did not affect the client. */
  | { readonly kind: "client-moves"; readonly client: ClientName }
  /** No request of the client fails. */
  | { readonly kind: "uninterrupted"; readonly client: ClientName }
  /** DNS moves to the secondary after the fault. */
  | { readonly kind: "dns-moves" }
  /** DNS does not leave the primary before the operator takes over, or at all without a takeover. */
  | { readonly kind: "dns-stays" }
  /** DNS leaves the primary at most this many times. */
  | { readonly kind: "moves-at-most"; readonly times: number }
  /** The secondary takes over. */
  | { readonly kind: "taken-over" }
  /** If DNS leaves the primary, the secondary takes over, and DNS does not return before the failback. */
  | { readonly kind: "gated" }
  /** Acknowledged writes were missing in the other region when it took over. */
  | { readonly kind: "some-late" }
  /** DNS and its clients use the primary at the end. */
  | { readonly kind: "ends-on-primary" };

/** Faults in order, and the expected outcome. */
export interface Scenario {
  readonly name: string;
  /** One-line description. */
  readonly title: string;
  readonly steps: readonly Step[];
  readonly expects: readonly Expectation[];
}

/** Whether a drill can undo the scenario on AWS: a takeover and paused replication yes, a broken region no. */
export function isReversible(scenario: Scenario): boolean {
  return statesOf(scenario).every((state) => state === "isolated");
}

/** The states that a scenario puts regions into. */
export function statesOf({ steps }: Scenario): BrokenState[] {
  return steps.flatMap((step) => ("state" in step ? [step.state] : []));
}
