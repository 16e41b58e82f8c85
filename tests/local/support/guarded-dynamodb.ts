import assert from "node:assert/strict";
import { GetItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { emptyTicketTable, FakeService } from "./fake-service";
import { dynamoDBClient, openEndpoint, type OpenEndpoint } from "./open-endpoint";
import { credentialsWith } from "./function-roles";

/** ARN of the ticket table in the tests of the AWS endpoint. */
export const TABLE = "arn:aws:dynamodb:eu-west-1:000000000000:table/tickets";

/** A fake DynamoDB behind the AWS endpoint, which checks what a role may do. */
export interface GuardedDynamoDB {
  readonly dynamodb: FakeService;
  /** The endpoint of the running test. */
  readonly open: () => OpenEndpoint;
  /** Returns a client of a role with these statements. */
  readonly clientWith: (...statements: object[]) => Promise<DynamoDBClient>;
}

/** Starts a fake DynamoDB and the endpoint for each test of the current `describe`, and stops both after it. */
export function useGuardedDynamoDB(): GuardedDynamoDB {
  const dynamodb = new FakeService(emptyTicketTable);
  const clients: DynamoDBClient[] = [];
  let open: OpenEndpoint;

  beforeEach(async () => {
    open = await openEndpoint();
    await dynamodb.start();
    dynamodb.requests.length = 0;
    open.endpoint.register("dynamodb", "eu-west-1", dynamodb.url);
  });
  afterEach(async () => {
    clients.splice(0).forEach((client) => client.destroy());
    await open.endpoint.close();
    await dynamodb.close();
  });

  const clientWith = async (...statements: object[]): Promise<DynamoDBClient> => {
    const client = dynamoDBClient(open.url, await credentialsWith(open.iam, statements));
    clients.push(client);
    return client;
  };
  return { dynamodb, open: () => open, clientWith };
}

/** A statement that allows actions, on the ticket table by default. */
export function allow(
  Action: string | string[],
  Resource: string | string[] = TABLE,
  Condition?: object,
): object {
  return { Effect: "Allow", Action, Resource, ...(Condition && { Condition }) };
}

/** Returns a check for `assert.rejects`: access is denied with a message that matches. */
export function denied(pattern: RegExp): (error: Error) => true {
  return (error) => {
    assert.equal(error.name, "AccessDeniedException");
    assert.match(error.message, pattern);
    return true;
  };
}

/** Reads one ticket. */
export function get(id = "1"): GetItemCommand {
  return new GetItemCommand({ TableName: "tickets", Key: { id: { S: id } } });
}
