import type { Scenario } from "../scenario";
import { ALWAYS } from "./expectations";

/** Both regions stop: DNS goes on to answer the primary, which is right. */
export const bothDown: Scenario = {
  name: "both-down",
  title: "Both regions stop: DNS continues to answer the primary, as designed",
  steps: [
    // The secondary first, and long enough for Route 53 to see it: there is nobody to take over then.
    { do: "break", role: "secondary", state: "down" },
    { do: "wait", seconds: 60 },
    { do: "break", role: "primary", state: "down" },
    { do: "wait", seconds: 60 },
    { do: "mend", role: "primary" },
    { do: "until", condition: "clients-on-primary", withinSeconds: 120 },
    { do: "mend", role: "secondary" },
  ],
  expects: [...ALWAYS, { kind: "dns-stays" }, { kind: "moves-at-most", times: 0 }],
};
