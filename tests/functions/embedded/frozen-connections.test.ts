import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { checkHealth } from "../../../functions/health/health";
import { heartbeat } from "../../../functions/heartbeat/heartbeat";
import { replicate } from "../../../functions/replication/replicate";
import { describeRouting } from "../../../functions/routing/routing";
import { heartbeatIds } from "../../../functions/shared/reserved-items";
import { httpEvent, invoke } from "../../../testing/api-calls";
import { inserted } from "../../../testing/stream-records";
import { idOf, IRELAND, SINGAPORE, ticketItem } from "../../../testing/tickets";
import { withEnvironment } from "../../support/environment";
import { captureLogs } from "../../support/logs";
import { ticketApi } from "./api-handlers";
import { CONFLICT_TABLE_NAMES, EmbeddedTable, FAKE_CREDENTIALS, TABLE_NAME } from "./embedded-table";
import { Death, FrozenConnections } from "./frozen-connections";

/** More connections than the SDK makes attempts: all of them are dead after a freeze. */
const CONNECTIONS = 6;
/** Time after which `/health` and `/routing` no longer return a cached response. */
const CACHED_MS = 1100;

describe("Function whose kept connections died while it was frozen", () => {
  captureLogs();
  withEnvironment({
    AWS_REGION: IRELAND,
    TABLE_NAME,
    AWS_LAMBDA_FUNCTION_NAME: "under-test",
    OTHER_REGION: SINGAPORE,
    TARGET_REGION: SINGAPORE,
    TARGET_TABLE_NAME: TABLE_NAME,
    TARGET_CONFLICT_TABLE_NAME: CONFLICT_TABLE_NAMES.there,
    CONFLICT_TABLE_NAME: CONFLICT_TABLE_NAMES.here,
    QUARANTINE_QUEUE_URL: "http://127.0.0.1:9/queue",
    FAILURE_BUCKET_NAME: "failures",
    ...FAKE_CREDENTIALS,
  });
  const table = new EmbeddedTable();
  const connections = new FrozenConnections();

  /** Freezes the function that has just run, and checks that it meets a dead connection when it runs again. */
  const afterFreeze = async <T>(death: Death, run: () => Promise<T>, pauseMs = 0): Promise<T> => {
    assert.ok(connections.freeze(death) > 0, "The function keeps no connection.");
    await delay(pauseMs);
    const result = await run();
    assert.ok(connections.lost > 0, "The function met no dead connection.");
    return result;
  };

  for (const death of ["request is lost", "response is lost"] as const)
    describe(`and whose first ${death}`, () => {
      it("returns 200 from GET /health", async () => {
        const handler = checkHealth();
        const health = (): ReturnType<typeof invoke> => invoke(handler, httpEvent("GET", "/health"));
        await health();
        const { status, text } = await afterFreeze(death, health, CACHED_MS);
        assert.equal(status, 200, text);
      });

      it("returns 200 from GET /routing", async () => {
        const handler = describeRouting();
        const routing = (): ReturnType<typeof invoke> => invoke(handler, httpEvent("GET", "/routing"));
        await routing();
        const { status, text } = await afterFreeze(death, routing, CACHED_MS);
        assert.equal(status, 200, text);
      });

      it("returns a ticket, although more connections are dead than the SDK makes attempts", async () => {
        const api = ticketApi();
        const { body: ticket } = await api.create({ subject: "No heating" });
        await Promise.all(Array.from({ length: CONNECTIONS }, () => api.get(ticket.id)));
        const { status } = await afterFreeze(death, () => api.get(ticket.id));
        assert.equal(status, 200);
        assert.ok(connections.lost < CONNECTIONS, "It tried every connection.");
      });

      it("creates a ticket once", async () => {
        const api = ticketApi();
        await api.create({ subject: "No heating" });
        const before = (await api.list()).body.tickets.length;
        const { status } = await afterFreeze(death, () => api.create({ subject: "No water" }));
        assert.equal(status, 201);
        assert.equal((await api.list()).body.tickets.length, before + 1);
      });

      it("sends its heartbeat", async () => {
        const beat = heartbeat();
        await beat();
        const stored = (): Promise<unknown[]> =>
          Promise.all(heartbeatIds(IRELAND).map((id) => table.stored(id)));
        const before = await stored();
        await afterFreeze(death, beat, 2);
        for (const [index, item] of (await stored()).entries()) assert.notDeepEqual(item, before[index]);
      });

      it("replicates a batch", async () => {
        const handler = replicate();
        const replicated = async (...numbers: number[]): Promise<unknown[]> =>
          (await handler({ Records: numbers.map((n) => inserted(ticketItem({ id: idOf(n) }), n)) }))
            .batchItemFailures;
        const offset = death === "request is lost" ? 100 : 200;
        await replicated(offset, offset + 1, offset + 2, offset + 3);
        assert.deepEqual(await afterFreeze(death, () => replicated(offset + 4)), []);
        assert.ok(await table.stored(idOf(offset + 4)));
      });
    });
});
