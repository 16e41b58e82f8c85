import type { RegionalApi } from "./api-types";
import type { Clock } from "./browser";
import { RegionFailure, TOO_MANY_REQUESTS } from "./errors";
import {
  type Fetch,
  type RegionalRequest,
  type RegionResponse,
  type SentRequest,
  sendToRegion,
} from "./region-request";

/** Request to one region that is repeated while the region is busy. Times are in milliseconds. */
export interface PatientRequest {
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** Returns a number from 0 to 1, excluding 1. */
  readonly random: () => number;
  readonly timeoutMs: number;
  readonly api: RegionalApi;
  readonly request: RegionalRequest;
  /** Maximum number of repeated requests; by default one of a read and three of a write. */
  readonly repeats?: number;
  /** Called when the region turns out to be busy, before the wait. */
  readonly onBusy: () => void;
  /** Called when the request is sent again. */
  readonly onRepeat: () => void;
  /** Called when a request failed that may have been applied. */
  readonly onUncertain: () => void;
}

/** Maximum number of repeated requests to a busy region. Reads are repeated by polling anyway. */
const REPEATS = { read: 1, write: 3 };
/** Wait before the first repeated request; it doubles each time. */
const FIRST_WAIT_MS = 1_000;
/** Maximum wait, also for a longer Retry-After. */
const MAX_WAIT_MS = 8_000;
const PROBE_TIMEOUT_MS = 1_000;
/** Route that is throttled apart from every other route, and is served by the function of the listing. */
const PROBE = { method: "HEAD", path: "/tickets?limit=1" } as const;

/**
 * Sends a request to a region. While the region is busy, sends it again after a wait with jitter, a bounded number of times
 * (docs/adr/0031-stay-with-a-busy-region.md). The first request is sent when this function returns.
 *
 * A region is busy when API Gateway refuses a request with a 429. Without CORS headers, a browser reports that like a lost connection.
 * A connection that is lost while the region's listing responds to HEAD, which has a limit of its own, therefore counts too. In that
 * form a write may be saved.
 */
export function sendPatiently(options: PatientRequest): SentRequest {
  const patient = new Patient(options);
  return { response: patient.response(), abort: () => patient.abort() };
}

/** Pause of polling while a region is busy, in milliseconds: random, so that many web UIs do not poll at once. */
export function busyPauseMs(random: () => number = Math.random): number {
  return 5_000 + random() * 10_000;
}

class Patient {
  private sent: SentRequest;
  private isAborted = false;

  constructor(private readonly options: PatientRequest) {
    this.sent = this.send();
  }

  async response(): Promise<RegionResponse> {
    const { request, onBusy, onRepeat, onUncertain } = this.options;
    const { repeats = request.method === "GET" ? REPEATS.read : REPEATS.write } = this.options;
    for (let repeat = 0; ; repeat++) {
      const failure = await this.failureOf(this.sent);
      if (!(failure instanceof RegionFailure)) return failure;
      if (!failure.wroteNothing) onUncertain();
      const isBusy = failure.fault === TOO_MANY_REQUESTS;
      if (!isBusy || repeat === repeats || this.isAborted) throw failure;
      onBusy();
      await this.wait(Math.max(FIRST_WAIT_MS * 2 ** repeat, failure.retryAfterMs));
      if (this.isAborted) throw failure;
      onRepeat();
      this.sent = this.send();
    }
  }

  abort(): void {
    this.isAborted = true;
    this.sent.abort();
  }

  private send(): SentRequest {
    const { api, request } = this.options;
    return sendToRegion(this.options, api, request);
  }

  /** Returns the response, or the failure: that the region is busy, when that is the cause of a lost connection. */
  private async failureOf({ response }: SentRequest): Promise<RegionResponse | RegionFailure> {
    try {
      return await response;
    } catch (error) {
      if (!(error instanceof RegionFailure)) throw error;
      const isConnectionLost = error.fault === "unreachable" && error.cause instanceof TypeError;
      return isConnectionLost && (await this.servesTickets())
        ? error.with({ fault: TOO_MANY_REQUESTS })
        : error;
    }
  }

  private async servesTickets(): Promise<boolean> {
    const { api } = this.options;
    try {
      await sendToRegion({ ...this.options, timeoutMs: PROBE_TIMEOUT_MS }, api, PROBE).response;
      return true;
    } catch (error) {
      if (error instanceof RegionFailure) return error.fault === TOO_MANY_REQUESTS;
      throw error;
    }
  }

  /** Waits for half of a time up to all of it. */
  private wait(milliseconds: number): Promise<void> {
    const { clock, random } = this.options;
    const longest = Math.min(milliseconds, MAX_WAIT_MS);
    return new Promise((resolve) => clock.after(longest * (0.5 + random() / 2), resolve));
  }
}
