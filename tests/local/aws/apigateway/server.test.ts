import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createTcpServer, type AddressInfo } from "node:net";
import { listenOnEveryRegion } from "../../../../local/aws/apigateway/server";
import { closeServer } from "../../../../local/aws/listen";
import { Regions } from "../../../../local/aws/regions";
import { IRELAND, SINGAPORE } from "./support/test-gateway";

/** Address that belongs to no region. */
const OTHER = "127.0.0.99";

describe("HTTPS port of all regions", () => {
  const regions = new Regions([
    { name: "ireland", code: IRELAND },
    { name: "singapore", code: SINGAPORE },
  ]);

  it("is chosen again when the first choice is in use on another address that needs it", async () => {
    const blocker = createTcpServer();
    let taken: number | undefined;
    const create = (): ReturnType<typeof createServer> => {
      const server = createServer();
      server.once("listening", () => {
        taken ??= (server.address() as AddressInfo).port;
        if (!blocker.listening) blocker.listen(taken, OTHER);
      });
      return server;
    };
    const { port, servers } = await listenOnEveryRegion(regions, 0, create, () => [], [OTHER]);
    try {
      if (!blocker.listening) await once(blocker, "listening");
      assert.notEqual(port, taken);
      assert.ok(servers.every((server) => (server.address() as AddressInfo).port === port));
    } finally {
      await Promise.all([...servers, blocker].map(closeServer));
    }
  });
});
