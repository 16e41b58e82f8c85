import type { Scenario } from "../scenario";
import { ALWAYS } from "./expectations";

/** The primary stops and comes back again and again. */
export const flapping: Scenario = {
  name: "flapping",
  title: "The primary stops and returns repeatedly",
  steps: [
    {
      do: "flap",
      role: "primary",
      state: "down",
      times: 3,
      // Long enough for the verdict in some rounds and too short in others.
      brokenSeconds: [20, 60],
      soundSeconds: [20, 60],
    },
  ],
  expects: [...ALWAYS, { kind: "moves-at-most", times: 1 }, { kind: "gated" }],
};
