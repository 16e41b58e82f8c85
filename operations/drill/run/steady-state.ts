import { CommandError } from "../../../command-line/command-error";
import { callApi } from "../../cli/http-request";
import type { DrillTickets } from "../clients/drill-tickets";
import { healthOf } from "../observations";
import { type DrillContext, until } from "./steps";

/** Timeout for a cold start of a function, in milliseconds. */
const COLD_START_MS = 10_000;
/** Required duration of the steady state: seconds of real time, limited to a range of milliseconds. */
const STEADY_SECONDS = 20;
const [LEAST_STEADY_MS, MOST_STEADY_MS] = [500, 2000];
/** Time limit to reach it, after the start of a local cloud or another drill: seconds of real time, and milliseconds on top. */
const WITHIN_SECONDS = 90;
const ALLOWANCE_MS = 15_000;
/** Time limit for all clients to use the primary. The web UI returns to its preferred region after 30 s at any speed. */
const SERVED_SECONDS = 60;
/** Time limit for a ticket to replicate, in seconds of real time. */
const REPLICATED_SECONDS = 60;
const POLL_MS = 100;

/**
 * Waits until both regions are healthy, DNS answers with the primary and no takeover is in effect, for a while.
 * @throws CommandError when the time limit passes.
 */
export async function expectSteadyState({ system, recorder, sleep }: DrillContext): Promise<void> {
  const { observer } = recorder;
  const { primary, secondary } = system;
  const isSteady = (): boolean =>
    [primary, secondary].every(({ name }) => observer.valueOf(healthOf(name)) === "healthy") &&
    observer.dns === primary.name &&
    observer.takenOver !== true;
  const steadyMs = Math.max(
    LEAST_STEADY_MS,
    Math.min((STEADY_SECONDS * 1000) / system.speed, MOST_STEADY_MS),
  );
  const end = Date.now() + (WITHIN_SECONDS * 1000) / system.speed + ALLOWANCE_MS;
  for (let since = Date.now(); Date.now() < end; await sleep(POLL_MS)) {
    if (!isSteady()) since = Date.now();
    if (Date.now() - since >= steadyMs) return;
  }
  const state = [primary, secondary].map(
    ({ name }) => `${name} is ${observer.valueOf(healthOf(name)) ?? "silent"}`,
  );
  throw new CommandError(
    `A drill needs two healthy regions: ${state.join(", ")}, DNS answers ${observer.dns ?? "nothing"}` +
      `${observer.takenOver ? `, and ${secondary.name} has taken over; fail back first` : ""}.`,
  );
}

/**
 * Waits until the primary serves every client. A client of the secondary would not be affected by the fault.
 * @throws CommandError when the time limit passes.
 */
export async function expectServedByPrimary(context: DrillContext): Promise<void> {
  if (await until(context, "all-clients-on-primary", SERVED_SECONDS * context.system.speed)) return;
  throw new CommandError(
    `A drill starts when ${context.system.primary.name} serves all clients, but it does not: check npm run status.`,
  );
}

/**
 * Creates a ticket in each region and waits until it has replicated: a drill without working replication would measure nothing.
 * Also ends the cold starts of the functions before the first timed request.
 * @throws CommandError when a ticket cannot be created or does not replicate.
 */
export async function warmUp(context: DrillContext, tickets: DrillTickets): Promise<void> {
  const { system, recorder } = context;
  for (const { name, api } of [system.primary, system.secondary]) {
    const request = tickets.newRequest("Before the drill");
    const call = { method: "POST", url: `${api}/tickets`, ...request, limitMs: COLD_START_MS } as const;
    const response = await callApi(call).catch((error: Error) => error);
    if (response instanceof Error || response.status !== 201)
      throw new CommandError(
        `${name} cannot create tickets: ${response instanceof Error ? response.message : response.status}.`,
      );
    const { id, version } = response.body as { id: string; version: string };
    tickets.add(id);
    recorder.watch.add({ id, version, kind: "create", at: Date.now(), region: name });
    await callApi({ method: "GET", url: `${api}/tickets?limit=1`, limitMs: COLD_START_MS });
  }
  if (!(await until(context, "replicated", REPLICATED_SECONDS)))
    throw new CommandError(
      "A drill needs working replication, but a ticket did not reach the other region: check npm run status.",
    );
}
