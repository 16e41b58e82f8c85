import { ProblemDetails, RegionalApi, TICKET_ATTRIBUTES, TicketField, TicketFields } from "./api-types";
import { isolated } from "./bidi";

/** The API refused a request; nothing was written. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";

  constructor(readonly problem: ProblemDetails) {
    super(problem.detail);
  }
}

/** How a region failed: it did not respond, its response could not be read, or the status of its response (5xx). */
export type Fault = "silent" | "unreadable" | number;

/** A region did not answer a request, or answered that it cannot: a network error, a limit passed, a 5xx. */
export class RegionFailure extends Error {
  override readonly name = "RegionFailure";

  /**
   * @param reason what happened, as part of a sentence.
   */
  constructor(
    readonly api: RegionalApi,
    readonly reason: string,
    readonly fault: Fault = "silent",
    cause?: unknown,
  ) {
    super(`${api.code}: ${reason}`, { cause });
  }
}

/** No region answered. */
export class NoRegionResponds extends Error {
  override readonly name = "NoRegionAnswers";

  /**
   * @param failures one of each region, in the order in which they failed.
   * @param uncertain whether it was a write that a region may have saved all the same.
   */
  constructor(
    readonly failures: readonly RegionFailure[],
    readonly uncertain: boolean,
  ) {
    super(`No region answers (${failures.map((failure) => failure.message).join("; ")}).`);
  }
}

/** The only region that answers does not have the last version of a ticket yet, and wrote nothing; another one may have. */
export class RegionBehind extends Error {
  override readonly name = "RegionBehind";

  /** @param region AWS code of the region. */
  constructor(readonly region: string) {
    super(`${region} does not have the last version of this ticket yet.`);
  }
}

/** Another user changed or deleted what the user was changing. Nothing was written. */
export class ConcurrentChange extends Error {
  override readonly name = "ChangeLost";

  /** @param theirs what the fields that collided hold now; undefined when the ticket was deleted. */
  constructor(readonly theirs: Partial<TicketFields> | undefined) {
    super(theirs ? `Another user changed ${changesText(theirs)}.` : "Another user deleted this ticket.");
  }
}

/** Such as `the priority to high and the description`. Long texts are only named. */
function changesText(theirs: Partial<TicketFields>): string {
  const parts = Object.entries(theirs).map(([field, value]) => {
    const attribute = TICKET_ATTRIBUTES[field as TicketField];
    const name = attribute.label.toLowerCase();
    if (attribute.kind === "choice") return `the ${name} to ${value}`;
    if (value === "") return `the ${name} to ${attribute.whenBlank?.toLowerCase() ?? "none"}`;
    return value.length <= 40 ? `the ${name} to “${isolated(value)}”` : `the ${name}`;
  });
  return parts.length < 2 ? parts.join() : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
