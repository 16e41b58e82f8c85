import { ProblemDetails, RegionalApi, TICKET_ATTRIBUTES, TicketField, TicketFields } from "./api-types";
import { isolated } from "./bidi";

/** The API rejected a request. This region wrote nothing. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";

  /** @param uncertain whether another region may have applied the same write. */
  constructor(
    readonly problem: ProblemDetails,
    readonly uncertain = false,
  ) {
    super(problem.detail);
  }
}

/** Returns whether the region that rejected an edit has no conflict with its `resolvedConflict`: it expired, or another region has it. */
export function isUnknownConflict({ status, errors }: ProblemDetails): boolean {
  return status === 409 && errors.some(({ field }) => field === "resolvedConflict");
}

/** Failure of a region: no response, an unreadable response, or the status of its response (429 or 5xx). */
export type Fault = "unreachable" | "unreadable" | number;

/** Status with which API Gateway refuses requests above its limits. The region is busy, and wrote nothing. */
export const TOO_MANY_REQUESTS = 429;

/** Facts of a failure that have defaults. */
interface FailureFacts {
  readonly fault: Fault;
  readonly cause?: unknown;
  /** Whether the region reports that it wrote nothing. Otherwise a write may be saved. */
  readonly wroteNothing: boolean;
  /** Time to wait before the next request, in milliseconds. */
  readonly retryAfterMs: number;
}

/** A region failed to serve a request: network error, timeout, 429, 5xx or unreadable response. */
export class RegionFailure extends Error implements FailureFacts {
  override readonly name = "RegionFailure";
  readonly fault: Fault;
  readonly wroteNothing: boolean;
  readonly retryAfterMs: number;

  /**
   * @param reason cause, as part of a sentence.
   */
  constructor(
    readonly api: RegionalApi,
    readonly reason: string,
    { fault = "unreachable", cause, wroteNothing = false, retryAfterMs = 0 }: Partial<FailureFacts> = {},
  ) {
    super(`${api.code}: ${reason}`, { cause });
    this.fault = fault;
    this.wroteNothing = wroteNothing;
    this.retryAfterMs = retryAfterMs;
  }

  /** Returns the same failure with other facts. */
  with(facts: Partial<FailureFacts>): RegionFailure {
    const { api, reason, fault, cause, wroteNothing, retryAfterMs } = this;
    return new RegionFailure(api, reason, { fault, cause, wroteNothing, retryAfterMs, ...facts });
  }
}

/** No region responded. */
export class NoRegionResponds extends Error {
  override readonly name = "NoRegionResponds";

  /**
   * @param failures one for each region, in the order in which they failed.
   * @param uncertain whether the request was a write that a region may have applied.
   */
  constructor(
    readonly failures: readonly RegionFailure[],
    readonly uncertain: boolean,
  ) {
    super(`No region responds (${failures.map((failure) => failure.message).join("; ")}).`);
  }
}

/** The only region that responds does not have the newest version of a ticket yet. It wrote nothing; another region may have. */
export class RegionBehind extends Error {
  override readonly name = "RegionBehind";

  /**
   * @param region AWS region code.
   * @param uncertain whether another region is known to have possibly applied the write.
   */
  constructor(
    readonly region: string,
    readonly uncertain = false,
  ) {
    super(`${region} does not have the last version of this ticket yet.`);
  }
}

/** Another user changed the same fields, or deleted the ticket. This region wrote nothing. */
export class ConcurrentChange extends Error {
  override readonly name = "ConcurrentChange";

  /**
   * @param theirs current values of the fields that both users changed; undefined when the ticket was deleted.
   * @param uncertain whether another region may have applied the write.
   */
  constructor(
    readonly theirs: Partial<TicketFields> | undefined,
    readonly uncertain = false,
  ) {
    super(theirs ? `Another user changed ${changesText(theirs)}.` : "Another user deleted this ticket.");
  }
}

/** Describes changed fields, such as `the priority to high and the description`. Omits the values of long texts. */
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

/** Returns whether an error is one of those with which writes of a ticket fail. */
export function isWriteError(error: unknown): boolean {
  return [ApiProblem, NoRegionResponds, RegionBehind, ConcurrentChange].some((kind) => error instanceof kind);
}
