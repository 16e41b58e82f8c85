import type { Observations } from "../../operations/drill/observations";

/** A region that was mended, or has just started again, is given so long to be well, in milliseconds. */
const RECOVERY_MS = 4000;

/**
 * What went wrong in a drill though nobody broke it: a region that is up and does not answer for its health, because the
 * machine has no time for it. DNS then moves for a reason of its own.
 */
export function disturbances({ changes, phases }: Observations): string[] {
  const faults = phases.filter(({ kind }) => kind === "fault" || kind === "mend");
  return changes
    .filter(({ subject, value }) => subject.startsWith("health of ") && value !== "healthy")
    .filter(({ subject, at }) => {
      const region = subject.slice("health of ".length);
      const last = faults.findLast((phase) => phase.at <= at && phase.text.startsWith(`${region} is `));
      return last === undefined || (last.kind === "mend" && at - last.at > RECOVERY_MS);
    })
    .map(({ subject, value }) => `${subject}: ${value}`);
}
