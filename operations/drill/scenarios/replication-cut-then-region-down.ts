import type { Scenario } from "../scenario";
import { FAILOVER } from "./expectations";

/** The link between the regions is cut, then the primary stops with writes that nobody else has. */
export const replicationCutThenRegionDown: Scenario = {
  name: "replication-cut-then-region-down",
  title: "Replication is cut, then the primary stops with writes that only it has",
  steps: [
    { do: "break", role: "primary", state: "isolated" },
    { do: "wait", seconds: 20 },
    { do: "break", role: "primary", state: "down" },
    { do: "until", condition: "clients-on-secondary", withinSeconds: 150 },
    { do: "until", condition: "taken-over", withinSeconds: 60 },
    { do: "wait", seconds: 20 },
    { do: "mend", role: "primary" },
  ],
  expects: [...FAILOVER, { kind: "some-late" }],
};
