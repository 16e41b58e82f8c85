import { CommandError } from "../../command-line/command-error";
import { callApi } from "../cli/http-request";
import type { DrillTickets } from "./drill-tickets";
import { type StepContext, until } from "./steps";

/** A function that is cold answers so late at most, in milliseconds. */
const WARM_MS = 10_000;
/** The system must be sound for so long before it is broken, in seconds of real time, but in milliseconds so long at least and at most. */
const SOUND_SECONDS = 20;
const [LEAST_SOUND_MS, MOST_SOUND_MS] = [500, 2000];
/** How long it is given to become so: a local cloud has just started, or its last drill has just ended. */
const WITHIN_SECONDS = 90;

/** Waits until the system is sound for a while. @throws CommandError when a drill would begin with a system that is broken already. */
export async function expectSound(context: StepContext): Promise<void> {
  const { system, observer, sleep } = context;
  const { primary, secondary } = system;
  const healthy = (): boolean =>
    [primary, secondary].every(({ name }) => observer.valueOf(`health of ${name}`) === "healthy");
  const isSound = (): boolean => healthy() && observer.dns === primary.name && observer.takenOver !== true;
  const soundMs = Math.max(LEAST_SOUND_MS, Math.min((SOUND_SECONDS * 1000) / system.speed, MOST_SOUND_MS));
  const end = Date.now() + (WITHIN_SECONDS * 1000) / system.speed + 15_000;
  for (let soundSince = Date.now(); Date.now() < end; await sleep(100)) {
    if (!isSound()) soundSince = Date.now();
    if (Date.now() - soundSince >= soundMs) return;
  }
  const state = [primary, secondary].map(
    ({ name }) => `${name} is ${observer.valueOf(`health of ${name}`) ?? "silent"}`,
  );
  throw new CommandError(
    `A drill needs two healthy regions: ${state.join(", ")}, DNS answers ${observer.dns ?? "nothing"}` +
      `${observer.takenOver ? `, and ${secondary.name} has taken over; fail back first` : ""}.`,
  );
}

/** The page returns to the preferred region half a minute after it has left it, and no speed divides that. */
const SERVED_SECONDS = 60;

/**
 * Waits until every client is served by the primary: one that is not would see nothing of its failure.
 * @throws CommandError when they are not.
 */
export async function expectServedByPrimary(context: StepContext): Promise<void> {
  if (await until(context, "everybody-on-primary", SERVED_SECONDS * context.system.speed)) return;
  throw new CommandError(
    `A drill starts when ${context.system.primary.name} serves all clients, but it does not: check npm run status.`,
  );
}

/**
 * Makes a ticket in each region and waits until it is in the other: a drill over replication that stands still would
 * measure nothing, and no function is cold when the first request is timed.
 * @throws CommandError when they do not arrive.
 */
export async function warmUp(context: StepContext, tickets: DrillTickets): Promise<void> {
  const { system, watch } = context;
  for (const { name, api } of [system.primary, system.secondary]) {
    const request = tickets.newRequest("Before the drill");
    const call = { method: "POST", url: `${api}/tickets`, ...request, limitMs: WARM_MS } as const;
    const answer = await callApi(call).catch((error: Error) => error);
    if (answer instanceof Error || answer.status !== 201)
      throw new CommandError(
        `${name} cannot create tickets: ${answer instanceof Error ? answer.message : answer.status}.`,
      );
    const { id, version } = answer.body as { id: string; version: string };
    tickets.add(id);
    watch.add({ id, version, kind: "create", at: Date.now(), region: name });
    await callApi({ method: "GET", url: `${api}/tickets?limit=1`, limitMs: WARM_MS });
  }
  if (!(await until(context, "replicated", 60)))
    throw new CommandError(
      "A drill needs working replication, but a ticket did not reach the other region: check npm run status.",
    );
}
