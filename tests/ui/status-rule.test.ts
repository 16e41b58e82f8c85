import assert from "node:assert/strict";
import type { TicketChanges } from "../../ui/src/data/api-types";
import { withStatus } from "../../ui/src/data/status-rule";
import { StoreFixture, ticketId } from "./store-fixture";

const OPEN = { status: "open", assignee: "" } as const;
const ASSIGNED = { status: "assigned", assignee: "Jun" } as const;
const CLOSED = { status: "closed", assignee: "Jun" } as const;

describe("The status that follows from an assignee", () => {
  for (const [changes, read, status] of [
    [{ assignee: "Jun" }, {}, "assigned"],
    [{ assignee: "" }, {}, undefined],
    [{ assignee: "Jun" }, OPEN, "assigned"],
    [{ assignee: "" }, ASSIGNED, "open"],
    [{ status: "open" }, CLOSED, "assigned"],
    [{ status: "open", assignee: "" }, CLOSED, "open"],
    [{ assignee: "Mei" }, CLOSED, undefined],
    [{ assignee: "" }, CLOSED, undefined],
    [{ status: "assigned" }, OPEN, "assigned"],
    [{ description: "a" }, ASSIGNED, undefined],
  ] as const)
    it(`is ${status ?? "unchanged"} for ${JSON.stringify(changes)} over ${JSON.stringify(read)}`, () => {
      assert.equal(withStatus<TicketChanges>(changes, read).status, status);
    });

  it("is shown before the API answers", async () => {
    const page = new StoreFixture();
    await page.withTickets(1);
    const changing = page.store.change(ticketId(1), { assignee: " Jun " });
    assert.deepEqual(
      [page.store.find(ticketId(1))?.status, page.store.find(ticketId(1))?.assignee],
      ["assigned", "Jun"],
    );
    await changing;
    await page.store.change(ticketId(1), { assignee: "" });
    assert.equal(page.store.find(ticketId(1))?.status, "open");
  });
});
