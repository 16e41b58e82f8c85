import { replicatedReservedIds, reservedIds } from "../../functions/shared/reserved-items";
import { IRELAND, SINGAPORE, ticketItem, versionAt } from "../../testing/tickets";

/** Item ids that must not replicate from Ireland to Singapore, one of each kind. */
export const FORGED_IDS: readonly string[] = [
  ...reservedIds(SINGAPORE),
  ...reservedIds(IRELAND).filter((id) => !replicatedReservedIds(IRELAND).includes(id)),
  "heartbeat-us-east-1",
  "heartbeat-eu-west-1-0",
  "heartbeat-eu-west-1-16",
  "ROUTING-AP-SOUTHEAST-1",
  " 01JD9Z3N8Q0000000000000001",
  "01JD9Z3N8Q0000000000000001\n",
  "01jd9z3n8q0000000000000001",
  "81JD9Z3N8Q0000000000000001",
  "p",
  "\u001b[2J",
];

/** Returns an item with an id as a write of Ireland. */
export function forgedItem(id: string): ReturnType<typeof ticketItem> {
  return ticketItem({ id, version: versionAt(10) });
}
