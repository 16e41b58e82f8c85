import assert from "node:assert/strict";
import type { Image } from "../../../../functions/shared/image";
import {
  type Comparison,
  compareItems,
  differingAttributes,
} from "../../../../local/console/tickets/comparison";
import { toImage } from "../../../../testing/attribute-values";
import { IRELAND, SINGAPORE, ticketItem, versionAt } from "../../../../testing/tickets";

type Ticket = Parameters<typeof ticketItem>[0];

describe("compareItems", () => {
  const image = (ticket: Ticket): Image => toImage(ticketItem(ticket)) as Image;
  const tombstone = (ms: number, origin = IRELAND, seen = {}): Image =>
    toImage({
      id: ticketItem().id,
      deleted: true,
      expiresAt: 1_900_000_000,
      version: versionAt(ms, origin),
      origin,
      seen,
    }) as Image;
  const compare = (left: Image | undefined, right: Image | undefined): Comparison =>
    compareItems(
      { name: "ireland", code: IRELAND, image: left, isKnown: true },
      { name: "singapore", code: SINGAPORE, image: right, isKnown: true },
    );

  it("returns equal for equal items, also for equal tombstones", () => {
    assert.deepEqual(compare(image({}), image({})), { kind: "equal", text: "Equal" });
    assert.deepEqual(compare(tombstone(1), tombstone(1)), { kind: "equal", text: "Deleted in both regions" });
    assert.deepEqual(compare(undefined, undefined), { kind: "equal", text: "In neither region" });
  });

  it("names the region that lacks a ticket", () => {
    assert.deepEqual(compare(image({}), undefined), {
      kind: "pending",
      behind: "singapore",
      text: "Missing in singapore",
    });
    assert.deepEqual(compare(undefined, image({ version: versionAt(0), origin: IRELAND })), {
      kind: "broken",
      behind: "ireland",
      text: "Missing in ireland, which wrote it. Run npm run reconcile.",
    });
    assert.equal(compare(tombstone(1), undefined).text, "Missing in singapore, deleted in ireland");
  });

  it("names the region with the older version and the difference in time", () => {
    const older = image({ version: versionAt(0) });
    const newer = image({ version: versionAt(2500), subject: "New" });
    const expected = { kind: "pending", behind: "ireland", text: "Older in ireland, by 2.5 s" };
    assert.deepEqual(compare(older, newer), expected);
    assert.equal(compare(older, image({ version: versionAt(40) })).text, "Older in ireland, by 40 ms");
  });

  it("compares a tombstone with a ticket", () => {
    assert.deepEqual(compare(tombstone(5), image({ version: versionAt(0) })), {
      kind: "pending",
      behind: "singapore",
      text: "Deleted in ireland, an older version in singapore",
    });
    assert.equal(
      compare(tombstone(5), image({ version: versionAt(9) })).text,
      "Written in singapore after the delete that ireland has",
    );
  });

  it("reports a conflict if neither write knew the other", () => {
    const left = image({ version: versionAt(0), subject: "Ireland's" });
    const right = image({ version: versionAt(9, SINGAPORE), origin: SINGAPORE, subject: "Singapore's" });
    const text = "Conflict: neither write knew the other. singapore's is newer and wins.";
    assert.deepEqual(compare(left, right), { kind: "conflict", behind: "ireland", text });
    const knowing = image({
      version: versionAt(9, SINGAPORE),
      origin: SINGAPORE,
      subject: "Singapore's",
      seen: { [IRELAND]: versionAt(0) },
    });
    assert.equal(compare(left, knowing).kind, "pending");
  });

  it("reports what replication cannot repair", () => {
    assert.deepEqual(compare(image({ subject: "a" }), image({ subject: "b" })), {
      kind: "broken",
      text: "Same version, different content. Run npm run reconcile -- --deep.",
    });
    const plain = { id: { S: "x" } };
    assert.equal(compare(plain, image({})).text, "No valid version in ireland. It cannot be replicated.");
    assert.equal(compare(plain, undefined).kind, "broken");
  });

  it("reports a region that does not respond", () => {
    const silent = { name: "ireland", code: IRELAND, image: undefined, isKnown: false };
    const known = { name: "singapore", code: SINGAPORE, image: image({}), isKnown: true };
    assert.deepEqual(compareItems(silent, known), { kind: "unknown", text: "ireland does not respond" });
    assert.equal(
      compareItems(silent, { ...known, isKnown: false }).text,
      "ireland and singapore do not respond",
    );
  });
});

describe("differingAttributes", () => {
  it("returns the names of attributes that differ or that one item lacks, sorted", () => {
    const left: Image = { b: { S: "1" }, a: { SS: ["x", "y"] }, only: { N: "1" } };
    const right: Image = { b: { S: "2" }, a: { SS: ["y", "x"] }, added: { BOOL: true } };
    assert.deepEqual(differingAttributes(left, right), ["added", "b", "only"]);
    assert.deepEqual(differingAttributes(left, left), []);
  });
});
