import assert from "node:assert/strict";
import { DEFAULT_FIELDS, type TicketChanges } from "../../ui/src/data/api-types";
import { balanced, isolated } from "../../ui/src/data/bidi";
import { normalized, isBlank, displayable, withDerivedStatus } from "../../ui/src/data/field-normalization";
import { StoreFixture, ticketId } from "./store-fixture";

describe("Normalization of texts in the web UI", () => {
  for (const blank of [
    "",
    "  ",
    "\t\n",
    "\u00a0",
    "\u200b\u2060",
    "\ufeff",
    "\u3164",
    "\u2800 ",
    "\u202e\u202c",
  ])
    it(`treats ${JSON.stringify(blank)} as blank`, () => {
      assert.equal(isBlank(blank), true);
      assert.deepEqual(normalized({ customer: blank }), { customer: "" });
    });

  for (const text of ["a", " 👩‍💻 ", "‏שלום", "0", "\u0301"])
    it(`does not treat ${JSON.stringify(text)} as blank`, () => {
      assert.equal(isBlank(text), false);
      assert.deepEqual(normalized({ customer: text }), { customer: text.trim() });
    });

  it("trims texts before they are sent, and shows blank texts as absent", async () => {
    const fixture = new StoreFixture();
    await fixture.store.create({ subject: " Oven ", customer: " \u200b", assignee: "\u00a0Mei " });
    const [{ subject, customer, assignee, id }] = fixture.regions.ireland.tickets();
    assert.deepEqual({ subject, customer, assignee }, { subject: "Oven", customer: "", assignee: "Mei" });
    await fixture.store.change(id, { description: "  \n" });
    assert.equal(fixture.regions.ireland.tickets()[0].description, "");

    fixture.regions.ireland.create({ subject: "Blank", customer: "  ", description: " " }, ticketId(1));
    await fixture.refresh();
    const shown = fixture.store.tickets.value.find((ticket) => ticket.subject === "Blank");
    assert.deepEqual([shown?.customer, shown?.description], ["", ""]);
  });

  it("uses default values when the API returns something else than text", () => {
    const fields = { subject: "a", description: null, customer: 1, assignee: undefined };
    assert.deepEqual(displayable(fields as never), { ...DEFAULT_FIELDS, subject: "a" });
  });

  it("isolates right-to-left texts in a sentence", () => {
    assert.equal(isolated("Trim"), "Trim");
    assert.equal(isolated("Trim\u202eevil"), "\u2068Trim\u202eevil\u2069");
    assert.equal(isolated("שלום"), "\u2068שלום\u2069");
    // One text ends the isolate around it, and one leaves an isolate open.
    assert.equal(balanced("a\u2069\u202eb"), "a\u202eb");
    assert.equal(balanced("a\u2067b"), "a\u2067b\u2069");
    assert.equal(balanced("\u2067a\u2069b"), "\u2067a\u2069b");
  });
});

const OPEN = { status: "open", assignee: "" } as const;
const ASSIGNED = { status: "assigned", assignee: "Jun" } as const;
const CLOSED = { status: "closed", assignee: "Jun" } as const;

describe("Status derived from the assignee", () => {
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

  it("is shown before the API responds", async () => {
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
