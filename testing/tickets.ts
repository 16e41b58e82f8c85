import { formatVersion } from "../functions/replication/version";
import { listingAttributes } from "../functions/tickets/listing-attributes";
import type { TicketItem, Tombstone } from "../functions/tickets/ticket";
import { DEFAULT_FIELDS } from "../functions/tickets/ticket-attributes";

/** AWS codes of the two regions. */
export const IRELAND = "eu-west-1";
export const SINGAPORE = "ap-southeast-1";

/** Fixed time for tests: 2025-11-23T13:20:00Z in milliseconds since 1970. */
export const NOW = Date.UTC(2025, 10, 23, 13, 20);

/** Returns a ticket id that sorts by its number. */
export function idOf(number: number): string {
  return `01JD9Z3N8Q${String(number).padStart(16, "0")}`;
}

/** Returns the version of a write in a region, with its time relative to `NOW`. */
export function versionAt(milliseconds: number, region = IRELAND): string {
  return formatVersion({ milliseconds: NOW + milliseconds, counter: 0, region });
}

/** Returns a stored ticket with its listing attributes. By default it was written in Ireland at `NOW`. */
export function ticketItem(attributes: Partial<TicketItem> = {}): TicketItem {
  const origin = attributes.origin ?? IRELAND;
  const time = new Date(NOW).toISOString();
  const ticket = {
    id: idOf(1),
    ...DEFAULT_FIELDS,
    subject: "No heating",
    customer: "Ada",
    createdBy: "anonymous",
    createdAt: time,
    updatedAt: time,
    version: versionAt(0, origin),
    origin,
    seen: {},
    ...attributes,
  };
  return { ...listingAttributes(ticket), ...ticket };
}

/** Returns a stored tombstone. By default it was written in Ireland at `NOW`. */
export function tombstone(attributes: Partial<Tombstone> = {}): Tombstone {
  const version = versionAt(0);
  const written = { version, origin: IRELAND, seen: {}, expiresAt: NOW / 1000 };
  return { id: idOf(1), deleted: true, ...written, ...attributes };
}
