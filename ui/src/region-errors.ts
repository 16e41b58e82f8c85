import type { RegionalApi } from "./region-request";

/** A region did not answer a request, or answered that it cannot: a network error, a limit passed, a 5xx. */
export class RegionFailure extends Error {
  override readonly name = "RegionFailure";

  /** @param reason what happened, as part of a sentence. */
  constructor(
    readonly api: RegionalApi,
    readonly reason: string,
    cause?: unknown,
  ) {
    super(`${api.code}: ${reason}`, { cause });
  }
}

/** No region answered. Nothing was changed. */
export class NoRegionAnswers extends Error {
  override readonly name = "NoRegionAnswers";

  /** @param failures one of each region, in the order they were asked. */
  constructor(readonly failures: readonly RegionFailure[]) {
    super(`No region answers (${failures.map((failure) => failure.message).join("; ")}).`);
  }
}

/** A write was sent and its region did not say what became of it: it may or may not have been saved. */
export class WriteUnanswered extends Error {
  override readonly name = "WriteUnanswered";
  readonly api: RegionalApi;

  constructor(failure: RegionFailure) {
    super(`The write may or may not have been saved (${failure.message}).`, { cause: failure });
    this.api = failure.api;
  }
}
