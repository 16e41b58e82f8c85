import type { Observations } from "../../operations/drill/observations";

/** Time for a repaired region to become healthy, in milliseconds. */
const RECOVERY_MS = 4000;

/**
 * Failed health requests of regions that the drill had not broken, because the machine was overloaded. DNS can move because of
 * them.
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
