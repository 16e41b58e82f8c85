import type { Scenario } from "../scenario";
import { ALWAYS } from "./expectations";

/** An operator takes over from a healthy primary; nothing is broken. */
export const takeover: Scenario = {
  name: "takeover",
  title: "An operator takes over from a healthy primary; nothing is broken",
  steps: [
    { do: "takeover" },
    { do: "until", condition: "clients-on-secondary", withinSeconds: 150 },
    { do: "wait", seconds: 20 },
  ],
  expects: [
    ...ALWAYS,
    { kind: "dns-moves" },
    { kind: "taken-over" },
    { kind: "moves-at-most", times: 1 },
    { kind: "gated" },
    { kind: "uninterrupted", client: "writer" },
    { kind: "uninterrupted", client: "page" },
  ],
};
