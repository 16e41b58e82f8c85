import type { Scenario } from "../scenario";
import { ALWAYS } from "./expectations";

/** The primary answers 200 for its health while every write fails, until an operator takes over. */
export const healthLies: Scenario = {
  name: "health-lies",
  title: "The primary reports healthy while every write fails, until an operator takes over",
  steps: [
    { do: "break", role: "primary", state: "writes-fail" },
    { do: "wait", seconds: 60 },
    { do: "takeover" },
    { do: "until", condition: "clients-on-secondary", withinSeconds: 150 },
    { do: "wait", seconds: 20 },
    { do: "mend", role: "primary" },
  ],
  expects: [
    ...ALWAYS,
    // Nothing but a person can see this fault: DNS stays until the operator acts.
    { kind: "dns-stays" },
    { kind: "dns-moves" },
    { kind: "taken-over" },
    { kind: "gated" },
    { kind: "uninterrupted", client: "reader" },
    // A minute of looking, then a takeover's ninety seconds.
    { kind: "back-within", client: "writer", seconds: 150 },
  ],
};
