import type { Scenario } from "../scenario";
import { FAILOVER } from "./expectations";

/** The primary's API answers 503; its database and replication go on. */
export const apiDown: Scenario = {
  name: "api-down",
  title: "The primary's API returns 503; its database and replication continue",
  steps: [
    { do: "break", role: "primary", state: "api-down" },
    { do: "until", condition: "clients-on-secondary", withinSeconds: 150 },
    { do: "until", condition: "taken-over", withinSeconds: 60 },
    { do: "wait", seconds: 20 },
    { do: "mend", role: "primary" },
  ],
  expects: FAILOVER,
};
