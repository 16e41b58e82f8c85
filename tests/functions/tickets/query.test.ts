import assert from "node:assert/strict";
import type { QueryCommandInput, QueryCommandOutput } from "@aws-sdk/lib-dynamodb";
import type { documentDynamoDB } from "../../../functions/aws";
import { firstItems } from "../../../functions/tickets/query";

/** A database of the numbers from 1 to 10, which gives three at once at the most, and says what it was asked. */
function numbers(asked: QueryCommandInput[]): ReturnType<typeof documentDynamoDB> {
  class QueryCommand {
    constructor(readonly input: QueryCommandInput) {}
  }
  const send = async ({ input }: QueryCommand): Promise<Partial<QueryCommandOutput>> => {
    asked.push(input);
    const last = Number(input.ExclusiveStartKey?.number ?? 0);
    const end = Math.min(last + Math.min(3, Number(input.Limit)), 10);
    const Items = Array.from({ length: end - last }, (_, index) => ({ number: last + index + 1 }));
    return { Items, ...(end < 10 && { LastEvaluatedKey: { number: end } }) };
  };
  return { commands: { QueryCommand }, client: { send } } as unknown as ReturnType<typeof documentDynamoDB>;
}

describe("the first items of a query", () => {
  const query = { TableName: "numbers" };
  const first = async (
    limit: number,
    { start, isWanted }: { start?: number; isWanted?: (item: { number: number }) => boolean } = {},
  ): Promise<{ found: number[]; asked: QueryCommandInput[] }> => {
    const asked: QueryCommandInput[] = [];
    const ExclusiveStartKey = start === undefined ? undefined : { number: start };
    const items = await firstItems(numbers(asked), { ...query, ExclusiveStartKey }, limit, isWanted);
    return { found: items.map(({ number }) => number), asked };
  };

  it("are asked for until there are enough, and never more than are missing", async () => {
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

  it("are all when there are fewer", async () => assert.equal((await first(20)).found.length, 10));

  it("begin behind a key", async () => assert.deepEqual((await first(2, { start: 8 })).found, [9, 10]));

  it("are only those that are wanted, and as many", async () => {
    const { found } = await first(4, { isWanted: ({ number }) => number % 2 === 0 });
    assert.deepEqual(found, [2, 4, 6, 8]);
  });
});
