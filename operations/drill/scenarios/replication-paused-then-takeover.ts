import type { Scenario } from "../scenario";
import { ALWAYS } from "./expectations";

/** Replication rests while an operator takes over: what was written last arrives when it goes on. */
export const replicationPausedThenTakeover: Scenario = {
  name: "replication-paused-then-takeover",
  title: "Replication is paused during a takeover: the last writes arrive when it resumes",
  steps: [
    { do: "break", role: "primary", state: "isolated" },
    { do: "wait", seconds: 20 },
    { do: "takeover" },
    { do: "until", condition: "clients-on-secondary", withinSeconds: 150 },
    { do: "mend", role: "primary" },
    { do: "until", condition: "replicated", withinSeconds: 120 },
  ],
  expects: [
    ...ALWAYS,
    { kind: "some-late" },
    { kind: "dns-moves" },
    { kind: "taken-over" },
    { kind: "moves-at-most", times: 1 },
    { kind: "gated" },
    { kind: "uninterrupted", client: "writer" },
  ],
};
