import type { Scenario } from "../scenario";
import { FAILOVER } from "./expectations";

/** Three probes wait two seconds each before they give up, and the last request of a client five. */
const PATIENCE_SECONDS = 11;

/** Everything in the primary is late: its API by three seconds, its database by one. */
export const slowRegion: Scenario = {
  name: "slow-region",
  title: "The primary is slow: its API by three seconds, its database by one",
  steps: [
    { do: "break", role: "primary", state: "slow" },
    { do: "until", condition: "clients-on-secondary", withinSeconds: 150 },
    { do: "until", condition: "taken-over", withinSeconds: 60 },
    { do: "wait", seconds: 20 },
    { do: "mend", role: "primary" },
  ],
  expects: FAILOVER.map((expected) =>
    expected.kind === "back-within" && expected.client !== "page"
      ? { ...expected, undividedSeconds: PATIENCE_SECONDS }
      : expected,
  ),
};
