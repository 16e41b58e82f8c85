import type { Addresses } from "../../../../local/addresses";
import assert from "node:assert/strict";
import { once } from "node:events";
import { IncomingMessage, OutgoingHttpHeaders, request } from "node:http";
import { regionRoutes } from "../../../../local/console/region-routes";
import { ConsoleServer } from "../../../../local/console/server";
import type { ConsoleState } from "../../../../local/console/state";
import type { LocalGateway } from "../../../../local/gateway/gateway";
import { Regions } from "../../../../local/aws/regions";

/** Headers of a request that changes a region. */
export const JSON_HEADERS = { "content-type": "application/json" };

/** State that the console under test returns. */
export const STATE = { stack: "ireland", regions: [], events: [] } as unknown as ConsoleState;

/** Response of the console. */
export interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Fake local gateway that reports each request. */
export class FakeGateway {
  closed = false;

  handles(host: string): boolean {
    return host.startsWith("api.localhost");
  }

  async handle({ url }: IncomingMessage, response: { end(text: string): void }): Promise<void> {
    response.end(`gateway ${url}`);
  }

  close(): void {
    this.closed = true;
  }
}

/** Console server with two regions and no services. */
export class TestConsole {
  readonly regions = new Regions([
    { name: "ireland", code: "eu-west-1" },
    { name: "singapore", code: "ap-southeast-1" },
  ]);
  state = async (): Promise<ConsoleState> => STATE;
  readonly addresses = (): Addresses => ({ stack: "ireland" }) as Addresses;
  server!: ConsoleServer;

  async start(gateway: FakeGateway | undefined, routes = regionRoutes(this.regions)): Promise<void> {
    this.server = await ConsoleServer.start({
      port: 0,
      routes,
      state: () => this.state(),
      addresses: this.addresses,
      caCertificate: "the CA",
      gateway: gateway as unknown as LocalGateway | undefined,
    });
  }

  async ask(
    path: string,
    more: { method?: string; headers?: OutgoingHttpHeaders; body?: string } = {},
  ): Promise<Answer> {
    const { method = "GET", body } = more;
    const { port, host } = new URL(this.server.url);
    const headers = { host, ...more.headers };
    const outgoing = request({ host: "127.0.0.1", port, method, path, headers });
    outgoing.end(body);
    const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
    let text = "";
    for await (const chunk of answer) text += String(chunk);
    return { status: answer.statusCode, headers: answer.headers, body: text };
  }

  change(name: string, body: string, headers: OutgoingHttpHeaders = JSON_HEADERS): Promise<Answer> {
    return this.ask(`/regions/${name}`, { method: "POST", headers, body });
  }

  close(): Promise<void> {
    return this.server.close();
  }
}

/** Asserts that a response contains problem details (RFC 9457). */
export function assertProblem({ status, headers, body }: Answer, expected: number, detail: RegExp): void {
  assert.equal(status, expected, body);
  assert.equal(headers["content-type"], "application/problem+json");
  const problem = JSON.parse(body) as Record<string, unknown>;
  assert.equal(problem.status, expected);
  assert.match(String(problem.detail), detail);
}
