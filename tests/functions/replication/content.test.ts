import assert from "node:assert/strict";
import { areEqualImages, haveEqualContent } from "../../../functions/replication/content";
import type { Image } from "../../../functions/shared/image";
import { TICKET_FIELDS } from "../../../functions/tickets/ticket-attributes";
import { toImage } from "../../../testing/attribute-values";
import { SINGAPORE, ticketItem, tombstone, versionAt } from "../../../testing/tickets";

const imageOf = (item: object): Image => toImage(item) as Image;

describe("haveEqualContent", () => {
  const ticket = ticketItem();

  it("returns true for writes that differ only in time and place", () => {
    const other = ticketItem({
      version: versionAt(9, SINGAPORE),
      origin: SINGAPORE,
      seen: { [SINGAPORE]: versionAt(1, SINGAPORE) },
      createdAt: "2026-01-01T00:00:00.000Z",
      updatedAt: "2026-01-01T00:00:00.000Z",
    });
    assert.notEqual(other.listSortKey, ticket.listSortKey);
    assert.ok(haveEqualContent(imageOf(ticket), imageOf(other)));
    assert.ok(!areEqualImages(imageOf(ticket), imageOf(other)));
  });

  it("returns true for two deletes", () =>
    assert.ok(
      haveEqualContent(imageOf(tombstone()), imageOf(tombstone({ expiresAt: 7, version: versionAt(1) }))),
    ));

  for (const [field, value] of Object.entries({
    ...Object.fromEntries(TICKET_FIELDS.map((name) => [name, "other"])),
    createdBy: "other",
    resolvedConflict: versionAt(1),
    idempotencyFingerprint: "other",
    color: "red",
    deleted: true,
  }))
    it(`returns false if ${field} differs`, () =>
      assert.ok(!haveEqualContent(imageOf(ticket), imageOf({ ...ticket, [field]: value }))));
});

describe("areEqualImages", () => {
  it("ignores the order of attributes and in sets, and distinguishes types", () => {
    const left: Image = { a: { SS: ["x", "y"] }, b: { M: { c: { N: "1" }, d: { L: [{ BOOL: true }] } } } };
    const right: Image = { b: { M: { d: { L: [{ BOOL: true }] }, c: { N: "1" } } }, a: { SS: ["y", "x"] } };
    assert.ok(areEqualImages(left, right));
    assert.ok(!areEqualImages(left, { ...right, a: { L: [{ S: "x" }, { S: "y" }] } }));
    assert.ok(!areEqualImages({ a: { S: "1" } }, { a: { N: "1" } }));
    const bytes = (...values: number[]): Image => ({ a: { BS: [Uint8Array.of(...values)] } });
    assert.ok(areEqualImages(bytes(1, 2), { a: { BS: [Buffer.from([1, 2])] } }));
    assert.ok(!areEqualImages(bytes(1, 2), bytes(2, 1)));
  });

  it("compares items of the maximum nesting at once", () => {
    const levels = (count: number, end: string): Image[string] =>
      count === 0
        ? { S: end }
        : count % 2
          ? { L: [levels(count - 1, end)] }
          : { M: { a: levels(count - 1, end) } };
    assert.ok(areEqualImages({ a: levels(31, '"') }, { a: levels(31, '"') }));
    assert.ok(!areEqualImages({ a: levels(31, '"') }, { a: levels(31, "'") }));
  });

  it("ignores an attribute that the SDK could not read", () => {
    const unread: Record<string, unknown> = { b: { S: "x" }, a: undefined };
    assert.ok(areEqualImages({ a: { M: unread as Image } }, { a: { M: { b: { S: "x" } } } }));
  });
});
