import { createServer, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { after, before } from "mocha";
import { closeServer, listen } from "../../../local/aws/listen";

/** Response of the endpoint to a request. */
export type Behavior =
  | { readonly kind: "answers"; readonly status: number; readonly type: string; readonly message: string }
  | { readonly kind: "drops the connection" }
  | { readonly kind: "never answers" }
  | { readonly kind: "takes everything" };

/** Endpoint with the same response to every DynamoDB request, for the tests of a `describe`. */
export class FakeDynamoDB {
  behavior: Behavior = { kind: "takes everything" };
  url = "";
  private readonly open = new Set<ServerResponse>();

  private readonly server = createServer(async (request, response) => {
    await text(request);
    const { behavior } = this;
    if (behavior.kind === "drops the connection") return void request.socket.destroy();
    if (behavior.kind === "never answers") return void this.open.add(response);
    response.setHeader("content-type", "application/x-amz-json-1.0");
    if (behavior.kind === "takes everything") return void response.end("{}");
    response.writeHead(behavior.status);
    response.end(JSON.stringify({ __type: behavior.type, message: behavior.message }));
  });

  /** Starts before the tests of the enclosing `describe` and stops after them. */
  constructor() {
    before(async () => {
      const port = await listen(this.server, { port: 0, purpose: "the fake DynamoDB" });
      this.url = `http://127.0.0.1:${port}`;
    });
    after(async () => {
      for (const response of this.open) response.destroy();
      await closeServer(this.server);
    });
  }
}
