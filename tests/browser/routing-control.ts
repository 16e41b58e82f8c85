import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import * as raw from "@aws-sdk/client-dynamodb";
import * as commands from "@aws-sdk/lib-dynamodb";
import type { Addresses } from "../../local/addresses";
import type { RoutingChange } from "../../functions/routing/routing-item";
import { changeRouting, routingTable } from "../../functions/routing/routing-table";
import { waitFor } from "../support/wait-for";

/** Starts and ends takeovers by Singapore, and waits until DNS follows. */
export class RoutingControl {
  private readonly client: DynamoDBClient;

  constructor(private readonly addresses: Addresses) {
    const { dynamodb: endpoint, code: region } = addresses.regions.singapore;
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    this.client = new DynamoDBClient({ endpoint, region, credentials });
  }

  /** Makes Singapore take over, and waits until DNS resolves to it. */
  async takeOver(): Promise<void> {
    await this.change("takeover");
    await this.waitForRegion("ap-southeast-1");
  }

  /** Ends any takeover, and waits until DNS resolves to Ireland. */
  async returnToIreland(): Promise<void> {
    await waitFor(
      async () => {
        await this.change("forced failback");
        return (await this.resolvedRegion()) === "eu-west-1";
      },
      { what: "DNS to resolve to Ireland" },
    );
  }

  close(): void {
    this.client.destroy();
  }

  private async change(what: RoutingChange): Promise<void> {
    const { table: name, code } = this.addresses.regions.singapore;
    const client = commands.DynamoDBDocumentClient.from(this.client);
    const table = routingTable({ commands, raw, client }, name, code);
    const event = { what, by: "a test", at: new Date().toISOString(), reason: "test of the web UI" };
    await changeRouting(table, code, (item) =>
      (item?.takeover === true) === (what === "takeover") ? undefined : event,
    );
  }

  private async waitForRegion(code: string): Promise<void> {
    await waitFor(async () => (await this.resolvedRegion()) === code, { what: `DNS to resolve to ${code}` });
  }

  /** Returns the AWS code of the region that responds to a new connection under the browser's name. Node.js does not resolve that name to loopback. */
  private async resolvedRegion(): Promise<unknown> {
    const { host, port } = new URL(this.addresses.frontDoor["api.tickets.test"]);
    const request = get({ host: "127.0.0.1", port, path: "/health", headers: { host }, agent: false });
    const [response] = (await once(request, "response")) as [IncomingMessage];
    response.resume();
    return response.headers["x-served-by"];
  }
}
