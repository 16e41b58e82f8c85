import assert from "node:assert/strict";
import fc from "fast-check";
import { formatVersion, isTooFarAhead, MAXIMUM_AHEAD_MS } from "../../../functions/replication/version";
import { nextVersion, parseVersion, Version } from "../../../functions/replication/version";
import { IRELAND, NOW, SINGAPORE } from "../../../testing/tickets";

const REGIONS = [IRELAND, SINGAPORE, "us-east-1", "us-gov-west-1", "eusc-de-east-1"];
const version: fc.Arbitrary<Version> = fc.record(
  {
    milliseconds: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 10 ** 13 })),
    counter: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 999_990, max: 999_999 })),
    region: fc.constantFrom(...REGIONS),
  },
  { noNullPrototype: true },
);

describe("versions", () => {
  it("sort as strings as they order: by time, counter and region", () => {
    fc.assert(
      fc.property(version, version, (left, right) => {
        assert.equal(Math.sign(compareText(left, right)), Math.sign(compareParts(left, right)));
      }),
    );
  });

  it("come back from their text as they were", () => {
    fc.assert(fc.property(version, (it) => assert.deepEqual(parseVersion(formatVersion(it)), it)));
  });

  it("have one width in every region", () => {
    const text = formatVersion({ milliseconds: NOW, counter: 7, region: IRELAND });
    assert.equal(text, "001763904000000-000007-eu-west-1");
  });

  for (const garbage of [
    undefined,
    null,
    7,
    {},
    "",
    "eu-west-1",
    "1763904000000-0-eu-west-1",
    "001763904000000-000000-",
    "001763904000000-000000-nowhere",
    " 001763904000000-000000-eu-west-1",
    "001763904000000-000000-eu-west-1\n",
    "00176390400000x-000000-eu-west-1",
  ])
    it(`are not made of ${JSON.stringify(garbage)}`, () => assert.equal(parseVersion(garbage), undefined));
});

describe("the version of a local write", () => {
  it("is greater than the one it replaces and not behind the clock, whatever the clock says", () => {
    const now = fc.integer({ min: 0, max: 10 ** 13 });
    fc.assert(
      fc.property(
        fc.constantFrom(...REGIONS),
        now,
        fc.option(version, { nil: undefined }),
        (region, at, seen) => {
          const text = seen && formatVersion(seen);
          const next = nextVersion(region, at, text);
          assert.ok(text === undefined || next > text, `${next} is not greater than ${text}`);
          assert.ok(next >= formatVersion({ milliseconds: at, counter: 0, region }));
          assert.equal(parseVersion(next)?.region, region);
        },
      ),
    );
  });

  it("takes the clock's time when nothing later was seen", () => {
    const seen = formatVersion({ milliseconds: NOW - 1, counter: 5, region: SINGAPORE });
    assert.equal(
      nextVersion(IRELAND, NOW, seen),
      formatVersion({ milliseconds: NOW, counter: 0, region: IRELAND }),
    );
  });

  it("counts on from what was seen when the clock stands behind it", () => {
    const seen = formatVersion({ milliseconds: NOW + 500, counter: 5, region: SINGAPORE });
    const next = formatVersion({ milliseconds: NOW + 500, counter: 6, region: IRELAND });
    assert.equal(nextVersion(IRELAND, NOW, seen), next);
  });

  it("takes the next millisecond when the counter is full", () => {
    const seen = formatVersion({ milliseconds: NOW, counter: 999_999, region: SINGAPORE });
    const next = formatVersion({ milliseconds: NOW + 1, counter: 0, region: IRELAND });
    assert.equal(nextVersion(IRELAND, NOW, seen), next);
  });

  it("starts from the clock when what was seen is not a version", () => {
    assert.equal(parseVersion(nextVersion(IRELAND, NOW, "garbage"))?.milliseconds, NOW);
  });
});

describe("a version ahead of the clock", () => {
  const ahead = (milliseconds: number): boolean =>
    isTooFarAhead({ milliseconds: NOW + milliseconds, counter: 0, region: IRELAND }, NOW);

  it("is accepted up to five minutes", () => assert.equal(ahead(MAXIMUM_AHEAD_MS), false));
  it("is too far ahead a millisecond later", () => assert.equal(ahead(MAXIMUM_AHEAD_MS + 1), true));
  it("is never too far ahead when it is in the past", () => assert.equal(ahead(-(10 ** 12)), false));
});

function compareText(left: Version, right: Version): number {
  const [a, b] = [formatVersion(left), formatVersion(right)];
  return a === b ? 0 : a < b ? -1 : 1;
}

function compareParts(left: Version, right: Version): number {
  const numbers = left.milliseconds - right.milliseconds || left.counter - right.counter;
  return numbers || (left.region === right.region ? 0 : left.region < right.region ? -1 : 1);
}
