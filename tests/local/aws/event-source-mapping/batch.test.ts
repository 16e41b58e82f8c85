import assert from "node:assert/strict";
import type { Batch } from "../../../../local/aws/event-source-mapping/batch";
import { planRetries, readBatchResult, splitExpired } from "../../../../local/aws/event-source-mapping/batch";
import { eventRecordOf, type ReadRecord } from "../../../../local/aws/event-source-mapping/event-record";

const record = (number: number): ReadRecord => ({
  sequenceNumber: String(number),
  arrivedAt: number,
  matchesFilter: true,
  event: eventRecordOf({}, "eu-west-1", "arn:aws:dynamodb:eu-west-1:0:table/t/stream/s"),
});
const batchOf = (numbers: number[], retries = 0): Batch => ({
  records: numbers.map(record),
  retries,
  invocations: 1,
});
const numbersOf = (batch: Batch | undefined): number[] =>
  (batch?.records ?? []).map(({ arrivedAt }) => arrivedAt);

describe("eventRecordOf", () => {
  it("omits an attribute that the SDK could not read", () => {
    const unread = { b: { S: "x" }, a: undefined } as unknown as Record<string, { S: string }>;
    const NewImage = { ...unread, c: { M: unread } };
    const { dynamodb } = eventRecordOf({ dynamodb: { NewImage } }, "eu-west-1", "arn");
    assert.deepEqual(dynamodb.NewImage, { b: { S: "x" }, c: { M: { b: { S: "x" } } } });
  });
});

describe("A batch of an event source mapping", () => {
  const { records } = batchOf([1, 2, 3]);
  const failures = (...identifiers: unknown[]): unknown => ({
    batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })),
  });

  const answers: [string, unknown, number | "succeeded"][] = [
    ["an empty list of failures", failures(), "succeeded"],
    ["a null list of failures", { batchItemFailures: null }, "succeeded"],
    ["an empty response", {}, "succeeded"],
    ["a null response", null, "succeeded"],
    ["a string", "done", "succeeded"],
    ["one failure", failures("2"), 1],
    ["several failures, from the lowest on", failures("3", "2"), 1],
    ["the first record", failures("1"), 0],
    ["an unknown identifier", failures("3", "9"), 0],
    ["an empty identifier", failures("3", ""), 0],
    ["a null identifier", failures(null), 0],
    ["a wrong key", { batchItemFailures: [{ id: "2" }] }, 0],
    ["a null failure", { batchItemFailures: [null] }, 0],
    ["a string instead of a list", { batchItemFailures: "2" }, 0],
  ];
  for (const [what, payload, expected] of answers)
    it(`${expected === "succeeded" ? "succeeds" : "fails"} with ${what}`, () => {
      const result = readBatchResult({ payload }, records, true);
      assert.equal(result.outcome === "failed" ? result.from : result.outcome, expected);
    });

  it("succeeds with every response if partial batch responses are disabled", () => {
    assert.deepEqual(readBatchResult({ payload: failures("2") }, records, false), { outcome: "succeeded" });
  });

  it("fails if the function fails", () => {
    const invocation = { functionError: { errorType: "TypeError", errorMessage: "x" } };
    for (const reports of [true, false])
      assert.deepEqual(readBatchResult(invocation, records, reports), {
        outcome: "failed",
        from: 0,
        reason: "TypeError: x",
        reported: false,
        functionError: true,
      });
  });

  type Failure = Parameters<typeof planRetries>[1];
  const WHOLE: Failure = { from: 0, reported: false };
  const reportedAt = (from: number): Failure => ({ from, reported: true });

  const decisions: [string, Batch, Failure, { bisects: boolean; maximumRetries: number }, unknown][] = [
    [
      "is retried",
      batchOf([1, 2]),
      WHOLE,
      { bisects: false, maximumRetries: 1 },
      { retry: [[1, 2, "retry 1"]] },
    ],
    [
      "is discarded after its retries",
      batchOf([1, 2], 1),
      WHOLE,
      { bisects: false, maximumRetries: 1 },
      { discard: [1, 2] },
    ],
    [
      "is discarded immediately without retries",
      batchOf([1]),
      WHOLE,
      { bisects: true, maximumRetries: 0 },
      { discard: [1] },
    ],
    [
      "is retried forever without a limit",
      batchOf([1], 99),
      WHOLE,
      { bisects: false, maximumRetries: Infinity },
      { retry: [[1, "retry 100"]] },
    ],
    [
      "continues at the failed record",
      batchOf([1, 2, 3]),
      reportedAt(1),
      { bisects: false, maximumRetries: 5 },
      { processed: 1, retry: [[2, 3, "retry 1"]] },
    ],
    [
      "discards only the rest",
      batchOf([1, 2, 3], 5),
      reportedAt(1),
      { bisects: false, maximumRetries: 5 },
      { processed: 1, discard: [2, 3] },
    ],
    [
      "is halved without counting a retry",
      batchOf([1, 2, 3]),
      WHOLE,
      { bisects: true, maximumRetries: 0 },
      {
        retry: [
          [1, 2, "retry 0"],
          [3, "retry 0"],
        ],
      },
    ],
    [
      "is retried as a whole if its first record is reported, because it is split there",
      batchOf([1, 2, 3]),
      reportedAt(0),
      { bisects: true, maximumRetries: 5 },
      { retry: [[1, 2, 3, "retry 1"]] },
    ],
    [
      "is split at the failed record",
      batchOf([1, 2, 3]),
      reportedAt(2),
      { bisects: true, maximumRetries: 0 },
      { processed: 2, retry: [[3, "retry 0"]] },
    ],
  ];
  for (const [what, batch, failure, limits, expected] of decisions)
    it(what, () => {
      const next = planRetries(batch, failure, limits);
      const retry = next.retry.map((part) => [...numbersOf(part), `retry ${part.retries}`]);
      const discard = numbersOf(next.discard);
      assert.deepEqual(
        { processed: next.processed, retry, discard },
        { processed: 0, retry: [], discard: [], ...(expected as object) },
      );
    });

  it("loses its first records if they are too old", () => {
    const { expired, fresh } = splitExpired(batchOf([1, 2, 3]), 10, 12.5);
    assert.deepEqual([numbersOf(expired), numbersOf(fresh)], [[1, 2], [3]]);
    const young = splitExpired(batchOf([1, 2]), Infinity, 1e15);
    assert.deepEqual([young.expired, numbersOf(young.fresh)], [undefined, [1, 2]]);
    const old = splitExpired(batchOf([1, 2]), 10, 100);
    assert.deepEqual([numbersOf(old.expired), old.fresh], [[1, 2], undefined]);
  });
});
