import { problem } from "../http/problem";
import { parseVersion } from "../replication/version";
import { FoundItem, isLive, TicketItem } from "./ticket";

/** One ETag of a list: `W/` when it is weak, and what is between the quotes. */
const ETAG = /(W\/)?"([^"]*)"/g;

/** The header with a ticket's ETag, its quoted version: https://www.rfc-editor.org/rfc/rfc9110#name-etag */
export function etagHeader({ version }: Pick<TicketItem, "version">): { readonly etag: string } {
  return { etag: `"${version}"` };
}

/**
 * Whether a ticket has one of the ETags of If-None-Match, by weak comparison.
 * https://www.rfc-editor.org/rfc/rfc9110#name-if-none-match
 * @param header ETags with commas between them, or `*`; undefined when it was not sent.
 */
export function matchesNone(header: string | undefined, ticket: TicketItem): boolean {
  if (header === undefined) return true;
  return header.trim() !== "*" && !etags(header).some(({ tag }) => tag === ticket.version);
}

/** What If-Match asks for. */
export interface Precondition {
  /** Whether a write may be made over what is stored. */
  isMet(stored: FoundItem | undefined): boolean;
  /**
   * Whether what is stored was written over exactly a version that was asked for: when it also is what the request
   * would have made of that version, then the request, or one that wanted the same, was done before.
   */
  isWrittenOverMatch(stored: FoundItem | undefined): boolean;
}

/**
 * The precondition of an If-Match header, by strong comparison; without the header everything is allowed.
 * https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1
 * @param header ETags with commas between them, or `*`; undefined when it was not sent.
 */
export function precondition(header: string | undefined): Precondition {
  if (header === undefined) return { isMet: () => true, isWrittenOverMatch: () => true };
  if (header.trim() === "*") return { isMet: isLive, isWrittenOverMatch: () => false };
  const strong = etags(header).filter(({ isWeak }) => !isWeak);
  const asksFor = (version: string | undefined): boolean => strong.some(({ tag }) => tag === version);
  return {
    isMet: (stored) => isLive(stored) && asksFor(stored.version),
    isWrittenOverMatch: (stored) => asksFor(versionWrittenOver(stored)),
  };
}

/**
 * Makes sure that a write may be made over what is stored.
 * @throws Problem 412 when it may not.
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

/** The newest version that a write has seen: a writer goes past all that it knows, so it is the one it was made over. */
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
