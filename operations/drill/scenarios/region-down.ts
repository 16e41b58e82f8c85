import type { Scenario } from "../scenario";
import { FAILOVER } from "./expectations";

/** The primary region stops and comes back. */
export const regionDown: Scenario = {
  name: "region-down",
  title: "The primary region stops and returns",
  steps: [
    { do: "break", role: "primary", state: "down" },
    { do: "until", condition: "clients-on-secondary", withinSeconds: 150 },
    { do: "until", condition: "taken-over", withinSeconds: 60 },
    { do: "wait", seconds: 20 },
    { do: "mend", role: "primary" },
  ],
  expects: FAILOVER,
};
