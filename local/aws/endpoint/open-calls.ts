import type { IncomingMessage, ServerResponse } from "node:http";
import type { Regions } from "../regions";

/** A call on its way, between two regions. */
interface OpenCall {
  /** AWS codes of the regions. */
  readonly from: string;
  readonly to: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** The calls that have not been answered. One whose regions stop reaching each other is cut off, as by the network. */
export class OpenCalls {
  private readonly calls = new Set<OpenCall>();
  private readonly cutOff = (): void => {
    for (const { from, to, request } of this.calls)
      if (!this.regions.reaches(from, to)) request.socket.destroy();
  };

  constructor(private readonly regions: Regions) {
    regions.on("change", this.cutOff);
  }

  add(call: OpenCall): void {
    this.calls.add(call);
    call.response.once("close", () => this.calls.delete(call));
  }

  close(): void {
    this.regions.off("change", this.cutOff);
  }
}
