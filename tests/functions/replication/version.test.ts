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

describe("Version", () => {
  it("sorts as a string by time, counter and region", () => {
    fc.assert(
      fc.property(version, version, (left, right) => {
        assert.equal(Math.sign(compareText(left, right)), Math.sign(compareParts(left, right)));
      }),
    );
  });

  it("is equal after it was formatted and parsed", () => {
    fc.assert(fc.property(version, (it) => assert.deepEqual(parseVersion(formatVersion(it)), it)));
  });

  it("has a fixed width in every region", () => {
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
    it(`is not parsed from ${JSON.stringify(garbage)}`, () => assert.equal(parseVersion(garbage), undefined));
});

describe("nextVersion", () => {
  it("returns a version above the replaced one and not behind the clock, for any clock", () => {
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

  it("uses the time of the clock if nothing later was seen", () => {
    const seen = formatVersion({ milliseconds: NOW - 1, counter: 5, region: SINGAPORE });
    assert.equal(
      nextVersion(IRELAND, NOW, seen),
      formatVersion({ milliseconds: NOW, counter: 0, region: IRELAND }),
    );
  });

  it("increments the counter of the seen version if the clock is behind it", () => {
    const seen = formatVersion({ milliseconds: NOW + 500, counter: 5, region: SINGAPORE });
    const next = formatVersion({ milliseconds: NOW + 500, counter: 6, region: IRELAND });
    assert.equal(nextVersion(IRELAND, NOW, seen), next);
  });

  it("uses the next millisecond if the counter is at its maximum", () => {
    const seen = formatVersion({ milliseconds: NOW, counter: 999_999, region: SINGAPORE });
    const next = formatVersion({ milliseconds: NOW + 1, counter: 0, region: IRELAND });
    assert.equal(nextVersion(IRELAND, NOW, seen), next);
  });

  it("uses the time of the clock if the seen value is not a version", () => {
    assert.equal(parseVersion(nextVersion(IRELAND, NOW, "garbage"))?.milliseconds, NOW);
  });
});

describe("isTooFarAhead", () => {
  const ahead = (milliseconds: number): boolean =>
    isTooFarAhead({ milliseconds: NOW + milliseconds, counter: 0, region: IRELAND }, NOW);

  it("returns false up to five minutes", () => assert.equal(ahead(MAXIMUM_AHEAD_MS), false));
  it("returns true above five minutes", () => assert.equal(ahead(MAXIMUM_AHEAD_MS + 1), true));
  it("returns false for a version in the past", () => assert.equal(ahead(-(10 ** 12)), false));
});

function compareText(left: Version, right: Version): number {
  const [a, b] = [formatVersion(left), formatVersion(right)];
  return a === b ? 0 : a < b ? -1 : 1;
}

function compareParts(left: Version, right: Version): number {
  const numbers = left.milliseconds - right.milliseconds || left.counter - right.counter;
  return numbers || (left.region === right.region ? 0 : left.region < right.region ? -1 : 1);
}
