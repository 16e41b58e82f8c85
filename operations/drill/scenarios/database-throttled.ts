import type { Scenario } from "../scenario";
import { FAILOVER } from "./expectations";

/** The primary's database refuses every call as too many. */
export const databaseThrottled: Scenario = {
  name: "database-throttled",
  title: "The primary's database throttles every call",
  steps: [
    { do: "break", role: "primary", state: "throttled" },
    { do: "until", condition: "clients-on-secondary", withinSeconds: 150 },
    { do: "until", condition: "taken-over", withinSeconds: 60 },
    { do: "wait", seconds: 20 },
    { do: "mend", role: "primary" },
  ],
  expects: FAILOVER,
};
