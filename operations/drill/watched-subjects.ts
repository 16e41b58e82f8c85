import { callApi } from "../cli/http-request";
import type { Ask, Subject } from "./observer";
import { DNS, TAKEOVER } from "./observations";
import type { DrillRegion, DrillSystem } from "./system";

/** Between two looks at DNS, which is cheap to ask, in milliseconds. */
const LOOK_MS = 100;
/** Between two questions for health and for the takeover, in milliseconds. */
const ASK_MS = 500;
/** What is watched is asked again after so long without an answer, in milliseconds. */
const WATCH_MS = 2000;

/** What is watched while the drill runs. */
export function watchedSubjects(system: DrillSystem): Record<string, Subject> {
  const { primary, secondary, dnsAnswer } = system;
  return {
    [DNS]: { everyMs: LOOK_MS, ask: dnsAnswer },
    [TAKEOVER]: { everyMs: ASK_MS, ask: takeoverOf(secondary) },
    [`health of ${primary.name}`]: { everyMs: ASK_MS, ask: healthOf(primary) },
    [`health of ${secondary.name}`]: { everyMs: ASK_MS, ask: healthOf(secondary) },
  };
}

/** Whether the secondary says that it has taken over; false when it does not answer. */
export async function hasTakenOver({ secondary }: Pick<DrillSystem, "secondary">): Promise<boolean> {
  return (await takeoverOf(secondary)().catch(() => undefined)) === "yes";
}

/** The region's own word; the last one stays while it does not answer. */
function takeoverOf({ api }: DrillRegion): Ask {
  return async () => {
    const { status, body } = await callApi({ method: "GET", url: `${api}/routing`, limitMs: WATCH_MS });
    if (status !== 200) return undefined;
    return (body as { takeover?: boolean }).takeover ? "yes" : "no";
  };
}

function healthOf({ api }: DrillRegion): Ask {
  return async () => {
    try {
      const { status } = await callApi({ method: "GET", url: `${api}/health`, limitMs: WATCH_MS });
      return status === 200 ? "healthy" : String(status);
    } catch (error) {
      return (error as Error).message;
    }
  };
}
