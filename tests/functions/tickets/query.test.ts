import assert from "node:assert/strict";
import type { QueryCommandInput, QueryCommandOutput } from "@aws-sdk/client-dynamodb";
import type { DynamoDB } from "../../../functions/shared/aws";
import { firstItems } from "../../../functions/tickets/query";

/** Fake database of the numbers 1 to 10. It returns at most three items per call and records the calls. */
function numbers(asked: QueryCommandInput[]): DynamoDB {
  class QueryCommand {
    constructor(readonly input: QueryCommandInput) {}
  }
  const send = async ({ input }: QueryCommand): Promise<Partial<QueryCommandOutput>> => {
    asked.push(input);
    const last = Number(input.ExclusiveStartKey?.number.N ?? 0);
    const end = Math.min(last + Math.min(3, Number(input.Limit)), 10);
    const Items = Array.from({ length: end - last }, (_, index) => ({
      number: { N: String(last + index + 1) },
    }));
    return { Items, ...(end < 10 && { LastEvaluatedKey: { number: { N: String(end) } } }) };
  };
  return { commands: { QueryCommand }, client: { send } } as unknown as DynamoDB;
}

describe("firstItems", () => {
  const query = { TableName: "numbers" };
  const first = async (
    limit: number,
    options: { start?: number; isWanted?: (number: number) => boolean; maximumSkipped?: number } = {},
  ): Promise<{ found: number[]; asked: QueryCommandInput[]; stoppedAt?: unknown }> => {
    const { start, isWanted = () => true, maximumSkipped } = options;
    const asked: QueryCommandInput[] = [];
    const ExclusiveStartKey = start === undefined ? undefined : { number: { N: String(start) } };
    const { items, stoppedAt } = await firstItems(
      numbers(asked),
      { ...query, ExclusiveStartKey },
      limit,
      ({ number: { N } }) => (isWanted(Number(N)) ? Number(N) : undefined),
      maximumSkipped,
    );
    return { found: items, asked, stoppedAt };
  };

  it("queries until it has enough items, and never requests more than are missing", async () => {
    const { found, asked } = await first(7);
    assert.deepEqual(found, [1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual(
      asked.map(({ TableName, Limit }) => [TableName, Limit]),
      [
        ["numbers", 7],
        ["numbers", 4],
        ["numbers", 1],
      ],
    );
  });

  it("returns all items if there are fewer than the limit", async () =>
    assert.equal((await first(20)).found.length, 10));

  it("starts after a key", async () => assert.deepEqual((await first(2, { start: 8 })).found, [9, 10]));

  it("skips unwanted items and returns as many wanted items as the limit", async () => {
    const { found } = await first(4, { isWanted: (number) => number % 2 === 0 });
    assert.deepEqual(found, [2, 4, 6, 8]);
  });

  it("stops after too many skipped items and returns the key to continue after", async () => {
    const { found, stoppedAt } = await first(4, { isWanted: (number) => number < 3, maximumSkipped: 2 });
    assert.deepEqual([found, stoppedAt], [[1, 2], { number: { N: "6" } }]);
    assert.equal((await first(2, { isWanted: (number) => number > 2 })).stoppedAt, undefined);
  });
});
