import {
  ALLOWANCE_SECONDS,
  dnsStays,
  gated,
  moves,
  takenOver,
  takeoverSeen,
  type RoutingEvidence,
  type Verdict,
} from "./gating";
import { dnsAfterFault, seconds } from "./measure";
import type { DrillFigures, Judged } from "./report";
import type { Expectation } from "./scenario";

/** What an expectation is judged by. */
export interface Evidence extends RoutingEvidence {
  readonly figures: DrillFigures;
}

/** Says of an expectation whether it was met, and by what figure. */
export function judge(expected: Expectation, evidence: Evidence): Judged {
  return { expected: textOf(expected, evidence), ...verdictOf(expected, evidence) };
}

function textOf(expected: Expectation, { primary, secondary, speed }: Evidence): string {
  switch (expected.kind) {
    case "nothing-lost":
      return "Every acknowledged write is in both regions at the end";
    case "back-within":
      return `The ${expected.client} is served again within ${limitOf(expected, speed)} s`;
    case "client-moves":
      return `The ${expected.client} is served by ${secondary} after the fault`;
    case "taken-over":
      return `${secondary} takes over`;
    case "uninterrupted":
      return `No request of the ${expected.client} fails`;
    case "dns-moves":
      return `DNS goes to ${secondary}`;
    case "dns-stays":
      return `DNS stays with ${primary} unless an operator takes over`;
    case "moves-at-most":
      return expected.times === 0
        ? `DNS never leaves ${primary}`
        : `DNS leaves ${primary} at most ${times(expected.times)}`;
    case "gated":
      return `When DNS leaves ${primary}, ${secondary} takes over, and DNS goes back only after the failback`;
    case "some-late":
      return `Some acknowledged writes could not be in ${secondary} yet when it took over`;
    case "ends-on-primary":
      return `At the end ${primary} serves`;
  }
}

function verdictOf(expected: Expectation, evidence: Evidence): Verdict {
  const { figures, primary, secondary } = evidence;
  switch (expected.kind) {
    case "nothing-lost":
      return {
        met: figures.lost === 0 && figures.acknowledged > 0,
        figure: `${figures.lost} of ${figures.acknowledged} lost`,
      };
    case "back-within":
      return backWithin(expected, evidence);
    case "client-moves": {
      const { movedAfterSeconds } = figures.clients[expected.client];
      if (movedAfterSeconds === undefined) return { met: false, figure: "it never was" };
      return { met: true, figure: `after ${movedAfterSeconds} s` };
    }
    case "taken-over":
      return takenOver(evidence);
    case "uninterrupted": {
      const { failed, requests } = figures.clients[expected.client];
      return { met: failed === 0 && requests > 0, figure: `${failed} of ${requests} failed` };
    }
    case "dns-moves":
      return { met: moves(evidence) > 0, figure: times(moves(evidence)) };
    case "dns-stays":
      return dnsStays(evidence);
    case "moves-at-most":
      return { met: moves(evidence) <= expected.times, figure: times(moves(evidence)) };
    case "gated":
      return gated(evidence);
    case "some-late":
      return { met: figures.lateAtTakeover > 0, figure: `${figures.lateAtTakeover} were not there` };
    case "ends-on-primary": {
      const last = dnsAfterFault(evidence.observations).at(-1)?.value ?? "nobody";
      const isOver =
        figures.failback.done || !(figures.failback.needed || takeoverSeen(evidence.observations));
      return {
        met: last === primary && isOver,
        figure: isOver ? last : `${last}; the gates did not open, so ${secondary} keeps it`,
      };
    }
  }
}

function backWithin(expected: Expectation & { kind: "back-within" }, { figures, speed }: Evidence): Verdict {
  const { rtoSeconds, slowestMilliseconds } = figures.clients[expected.client];
  const limit = limitOf(expected, speed);
  if (rtoSeconds === undefined)
    return {
      met: slowestMilliseconds <= limit * 1000,
      figure: `never interrupted; its slowest request took ${seconds(slowestMilliseconds)} s`,
    };
  if (rtoSeconds === null) return { met: false, figure: "never" };
  return { met: rtoSeconds <= limit, figure: `${rtoSeconds} s` };
}

/** The page has its own times, and a probe its own patience, which no speed divides. */
function limitOf(
  { client, seconds: divided, undividedSeconds = 0 }: Expectation & { kind: "back-within" },
  speed: number,
): number {
  if (client === "page" || speed === 1) return divided + undividedSeconds;
  return Math.round((divided / speed + undividedSeconds + ALLOWANCE_SECONDS) * 10) / 10;
}

function times(count: number): string {
  if (count === 0) return "never";
  return count === 1 ? "once" : `${count} times`;
}
