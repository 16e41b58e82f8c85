import assert from "node:assert/strict";
import { DEFAULT_FIELDS } from "../../ui/src/data/api-types";
import { balanced, isolated } from "../../ui/src/data/bidi";
import { normalized, isBlank, displayable } from "../../ui/src/data/field-normalization";
import { StoreFixture, ticketId } from "./store-fixture";

describe("Texts in the web UI", () => {
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
    it(`takes ${JSON.stringify(blank)} for blank`, () => {
      assert.equal(isBlank(blank), true);
      assert.deepEqual(normalized({ customer: blank }), { customer: "" });
    });

  for (const text of ["a", " 👩‍💻 ", "‏שלום", "0", "\u0301"])
    it(`does not take ${JSON.stringify(text)} for blank`, () => {
      assert.equal(isBlank(text), false);
      assert.deepEqual(normalized({ customer: text }), { customer: text.trim() });
    });

  it("are sent without white space around them, and shown as absent when they are blank", async () => {
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

  it("have the values of an empty form when the API sends something else than text", () => {
    const fields = { subject: "a", description: null, customer: 1, assignee: undefined };
    assert.deepEqual(displayable(fields as never), { ...DEFAULT_FIELDS, subject: "a" });
  });

  it("cannot reorder the sentence around them", () => {
    assert.equal(isolated("Trim"), "Trim");
    assert.equal(isolated("Trim\u202eevil"), "\u2068Trim\u202eevil\u2069");
    assert.equal(isolated("שלום"), "\u2068שלום\u2069");
    // One that ends the isolate around it, and one that leaves an isolate open.
    assert.equal(balanced("a\u2069\u202eb"), "a\u202eb");
    assert.equal(balanced("a\u2067b"), "a\u2067b\u2069");
    assert.equal(balanced("\u2067a\u2069b"), "\u2067a\u2069b");
  });
});
