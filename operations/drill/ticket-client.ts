import type { ApiAnswer } from "../cli/http-request";

/** A request as a client of tickets sends it. */
export interface TicketRequest {
  readonly method: "GET" | "POST" | "PATCH";
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Anything that sends a ticket request and gives the answer, whatever it does to get one. */
export interface TicketClient {
  /** @throws Error that says in a few words why there was no answer. */
  call(request: TicketRequest): Promise<ApiAnswer>;
}
