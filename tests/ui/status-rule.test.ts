import assert from "node:assert/strict";
import type { TicketChanges } from "../../ui/src/data/api-types";
import { withDerivedStatus } from "../../ui/src/data/field-normalization";
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
      assert.equal(withDerivedStatus<TicketChanges>(changes, read).status, status);
    });

  it("is shown before the API answers", async () => {
    const fixture = new StoreFixture();
    await fixture.createTickets(1);
    const changing = fixture.store.change(ticketId(1), { assignee: " Jun " });
    assert.deepEqual(
      [fixture.store.find(ticketId(1))?.status, fixture.store.find(ticketId(1))?.assignee],
      ["assigned", "Jun"],
    );
    await changing;
    await fixture.store.change(ticketId(1), { assignee: "" });
    assert.equal(fixture.store.find(ticketId(1))?.status, "open");
  });
});
