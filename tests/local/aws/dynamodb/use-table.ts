import {
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import type { ExistingResource } from "../../../../local/aws/resource";
import { updateResource } from "../../support/create-resource";
import { DynamoDBFixture, TABLE, TABLE_INPUTS, ticket } from "./dynamodb-fixture";

/** Index, and the definition of its key, that the project's table does not have. */
export const BY_TITLE = { name: "byTitle", hashKey: "title", projectionType: "KEYS_ONLY" };
export const TITLE = { name: "title", type: "S" };

/** The project's table as a resource, with the ticket `a`, whose title is `x`. */
export interface UsedTable {
  readonly dynamodb: DynamoDBFixture;
  readonly table: ExistingResource;
  /** Updates the table to the project's inputs with some changes. */
  update(changes: object): Promise<ExistingResource>;
  describeTable(): Promise<TableDescription | undefined>;
  /** Returns the id of the ticket; undefined if the table has none. */
  item(): Promise<string | undefined>;
}

/** Creates the table before each test of the current suite. */
export function useTable(): UsedTable {
  let dynamodb: DynamoDBFixture;
  let table: ExistingResource;

  beforeEach(async () => {
    dynamodb = await DynamoDBFixture.start();
    table = await dynamodb.createTable();
    const Item = { ...ticket("a"), title: { S: "x" } };
    await dynamodb.ireland.send(new PutItemCommand({ TableName: TABLE, Item }));
  });
  afterEach(() => dynamodb.close());

  return {
    get dynamodb() {
      return dynamodb;
    },
    get table() {
      return table;
    },
    update: (changes) => updateResource(dynamodb.service, table, { ...TABLE_INPUTS, ...changes }),
    describeTable: async () =>
      (await dynamodb.ireland.send(new DescribeTableCommand({ TableName: TABLE }))).Table,
    item: async () => {
      const get = new GetItemCommand({ TableName: TABLE, Key: { id: { S: "a" } } });
      return (await dynamodb.ireland.send(get)).Item?.id.S;
    },
  };
}
