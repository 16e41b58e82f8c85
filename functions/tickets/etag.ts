import { problem } from "../http/problem";
import { parseVersion } from "../replication/version";
import { FoundItem, isLive, TicketItem } from "./ticket";

/** ETag in a list; groups: `W/` of a weak ETag, text between the quotes. */
const ETAG = /(W\/)?"([^"]*)"/g;

/** Returns the ETag header of a ticket, which is its quoted version: https://www.rfc-editor.org/rfc/rfc9110#name-etag */
export function etagHeader({ version }: Pick<TicketItem, "version">): { readonly etag: string } {
  return { etag: `"${version}"` };
}

/**
 * Whether a ticket has none of the ETags of If-None-Match, by weak comparison. True without the header.
 * https://www.rfc-editor.org/rfc/rfc9110#name-if-none-match
 * @param header ETags separated by commas, or `*`; undefined without the header.
 */
export function matchesNone(header: string | undefined, ticket: TicketItem): boolean {
  if (header === undefined) return true;
  return header.trim() !== "*" && !etags(header).some(({ tag }) => tag === ticket.version);
}

/** Condition of an If-Match header. */
export interface Precondition {
  /** Whether the stored item fulfils the condition. */
  isMet(stored: FoundItem | undefined): boolean;
  /**
   * Whether the previous version of the stored item fulfilled the condition. If the stored item also equals the result of the
   * request, the request (or an equal one) was already applied.
   */
  wasMetBefore(stored: FoundItem | undefined): boolean;
}

/**
 * Parses an If-Match header. Compares ETags by strong comparison. Without the header, the condition is always met.
 * https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1
 * @param header ETags separated by commas, or `*`; undefined without the header.
 */
export function precondition(header: string | undefined): Precondition {
  if (header === undefined) return { isMet: () => true, wasMetBefore: () => true };
  if (header.trim() === "*") return { isMet: isLive, wasMetBefore: () => false };
  const strong = etags(header).filter(({ isWeak }) => !isWeak);
  const asksFor = (version: string | undefined): boolean => strong.some(({ tag }) => tag === version);
  return {
    isMet: (stored) => isLive(stored) && asksFor(stored.version),
    wasMetBefore: (stored) => asksFor(versionWrittenOver(stored)),
  };
}

/**
 * Checks If-Match against the stored item.
 * @throws Problem 412 if the condition is not met.
 */
export function expectMatch({ isMet }: Precondition, stored: FoundItem | undefined): void {
  if (isMet(stored)) return;
  if (isLive(stored))
    throw problem(
      412,
      "Ticket changed",
      `The current ETag is "${stored.version}". If-Match must contain it as a strong ETag. ` +
        "Nothing was written. Read the ticket again, then retry.",
    );
  throw problem(
    412,
    "Ticket not found",
    "This region has no ticket with this id, so If-Match does not match. Nothing was written. " +
      "The ticket was deleted, or it has not reached this region yet.",
  );
}

/** Returns the previous version of an item: the newest version in `seen`, because a write is newer than all versions it has seen. */
function versionWrittenOver(stored: FoundItem | undefined): string | undefined {
  return Object.values(stored?.seen ?? {})
    .filter(parseVersion)
    .reduce<string | undefined>(
      (newest, version) => (newest && newest > version ? newest : version),
      undefined,
    );
}

function etags(header: string): { readonly tag: string; readonly isWeak: boolean }[] {
  return [...header.matchAll(ETAG)].map(([, weak, tag]) => ({ tag, isWeak: weak !== undefined }));
}
