import assert from "node:assert/strict";
import type { Image } from "../../../../functions/shared/image";
import { formatVersion } from "../../../../functions/replication/version";
import { explainAttributes } from "../../../../local/console/tickets/explanation";
import { IRELAND, SINGAPORE } from "../../../../testing/tickets";

const NOW = Date.parse("2026-03-01T00:00:00.000Z");
const REGIONS = [
  { name: "ireland", code: IRELAND },
  { name: "singapore", code: SINGAPORE },
];

describe("explainAttributes", () => {
  const version = (counter: number, region = IRELAND): string =>
    formatVersion({ milliseconds: NOW, counter, region });
  const meanings = (image: Image, holder = REGIONS[0]): Record<string, string> =>
    Object.fromEntries(
      explainAttributes(image, holder, REGIONS, NOW).map(({ name, meaning }) => [name, meaning]),
    );

  it("explains a ticket that was written in its region", () => {
    assert.deepEqual(meanings({ version: { S: version(0) }, origin: { S: IRELAND }, seen: { M: {} } }), {
      version:
        "Written in ireland (eu-west-1) at 2026-03-01T00:00:00.000Z. Counter 0: the first write of this millisecond.",
      origin: "Written in this region, ireland. The stream forwards it to the other region.",
      seen: "The writer knew no earlier write of this ticket.",
      deleted: "Absent: the ticket is not deleted.",
      expiresAt: "Absent: only tombstones expire.",
    });
  });

  it("explains a replicated tombstone", () => {
    const image: Image = {
      version: { S: version(2, SINGAPORE) },
      origin: { S: SINGAPORE },
      seen: { M: { [IRELAND]: { S: version(1) } } },
      deleted: { BOOL: true },
      expiresAt: { N: String(NOW / 1000 + 30 * 24 * 60 * 60) },
    };
    assert.deepEqual(meanings(image), {
      version:
        "Written in singapore (ap-southeast-1) at 2026-03-01T00:00:00.000Z. Counter 2: write 3 with this time, " +
        "because the version it replaced is as new or newer than the clock.",
      origin: "Written in singapore (ap-southeast-1) and replicated to ireland. It is not forwarded again.",
      "seen of eu-west-1":
        "The writer knew all writes in ireland (eu-west-1) until 2026-03-01T00:00:00.000Z, counter 1.",
      deleted: "A tombstone, the record of a delete. The API does not return it.",
      expiresAt: "TTL removes the item at 2026-03-31T00:00:00.000Z, in 30 days.",
    });
    const expired = { ...image, expiresAt: { N: String(NOW / 1000 - 1) } };
    assert.match(meanings(expired).expiresAt, /^TTL removes the item soon\./);
  });

  it("explains values that the application never writes", () => {
    const image: Image = {
      version: { N: "7" },
      seen: { M: { [IRELAND]: { S: "~" } } },
      expiresAt: { N: "9e99" },
    };
    const explained = meanings(image);
    assert.match(explained.version, /^Not a version/);
    assert.match(explained.origin, /^Absent/);
    assert.match(explained["seen of eu-west-1"], /^Not a version/);
    assert.match(explained.expiresAt, /^TTL removes the item at 9e\+102/);
  });

  it("returns the stored values as text", () => {
    const image: Image = {
      version: { S: "v" },
      deleted: { BOOL: true },
      expiresAt: { N: "5" },
      seen: { M: {} },
    };
    assert.deepEqual(
      explainAttributes(image, REGIONS[0], REGIONS, NOW).map(({ value }) => value),
      ["v", undefined, '{"M":{}}', "true", "5"],
    );
  });
});
