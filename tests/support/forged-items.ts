import { heartbeatId, lagProbeId, reservedIds } from "../../functions/shared/reserved-items";
import { IRELAND, SINGAPORE, ticketItem, versionAt } from "../../testing/tickets";

/** Keys that no write of Ireland may bring to Singapore, one of a kind each. */
export const FORGED_IDS: readonly string[] = [
  ...reservedIds(SINGAPORE),
  ...reservedIds(IRELAND).filter((id) => ![heartbeatId(IRELAND), lagProbeId(IRELAND)].includes(id)),
  "heartbeat-us-east-1",
  "ROUTING-AP-SOUTHEAST-1",
  " 01JD9Z3N8Q0000000000000001",
  "01JD9Z3N8Q0000000000000001\n",
  "01jd9z3n8q0000000000000001",
  "81JD9Z3N8Q0000000000000001",
  "p",
  "\u001b[2J",
];

/** An item of Ireland under a key, as a write that replicates. */
export function forgedItem(id: string): ReturnType<typeof ticketItem> {
  return ticketItem({ id, version: versionAt(10) });
}
