import assert from "node:assert/strict";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import type { Image } from "../../../functions/replication/stream-record";
import { toImage } from "../../support/attribute-values";
import { withEnvironment } from "../../support/environment";
import { captureLogs } from "../../support/logs";
import { idOf, IRELAND, ticketItem } from "../../support/tickets";
import { EmbeddedTable, FAKE_CREDENTIALS, TABLE_NAME } from "./embedded-table";
import { TicketApi, ticketApi } from "./ticket-api";

/** A number as DynamoDB gives it back: up to 38 digits without zeros at either end. */
const digits = fc.stringMatching(/^[1-9][0-9]{0,36}[1-9]$/);
const number = fc.oneof(
  digits,
  digits.map((text) => `-${text}`),
  digits.map((text) => `0.${text}`),
  fc.tuple(digits, digits).map(([whole, part]) => `${whole.slice(0, 18)}.${part.slice(0, 18)}1`),
);
const bytes = fc.uint8Array({ minLength: 1, maxLength: 20 });
const text = fc.string({ unit: "grapheme", maxLength: 20 });
const name = fc.stringMatching(/^[a-z_ .#:-]{1,12}$/).filter((one) => !(one in ticketItem()));

const { value } = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text.map((S): AttributeValue => ({ S })),
    number.map((N): AttributeValue => ({ N })),
    fc.boolean().map((BOOL): AttributeValue => ({ BOOL })),
    fc.constant<AttributeValue>({ NULL: true }),
    bytes.map((B): AttributeValue => ({ B })),
    fc
      .uniqueArray(text.filter(Boolean), { minLength: 1, maxLength: 4 })
      .map((SS): AttributeValue => ({ SS })),
    fc.uniqueArray(number, { minLength: 1, maxLength: 4 }).map((NS): AttributeValue => ({ NS })),
    fc
      .uniqueArray(bytes, { minLength: 1, maxLength: 4, selector: String })
      .map((BS): AttributeValue => ({ BS })),
    fc.array(tie("value"), { maxLength: 3 }).map((L): AttributeValue => ({ L })),
    fc.dictionary(name, tie("value"), { maxKeys: 3 }).map((M): AttributeValue => ({ M })),
  ),
}));

describe("attributes of a ticket that the API does not know", () => {
  captureLogs();
  withEnvironment({ AWS_REGION: IRELAND, TABLE_NAME, ...FAKE_CREDENTIALS });
  const table = new EmbeddedTable();
  let api: TicketApi;
  before(() => (api = ticketApi()));

  it("stay bit for bit through every edit, whatever they are", async () => {
    let last = 0;
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, value, { maxKeys: 4 }), async (others) => {
        const id = idOf(++last);
        await table.storeImage({ ...(toImage(ticketItem({ id })) as Image), ...others });
        const before = await table.stored(id);
        assert.equal((await api.get(id)).status, 200);
        assert.equal((await api.update(id, { subject: "Edited" })).status, 200);
        assert.equal((await api.update(id, { assignee: "Bob" })).status, 200);
        const after = await table.stored(id);
        for (const one of Object.keys(others)) assert.deepEqual(after?.[one], before?.[one]);
        assert.equal((await api.list({ status: "closed" })).status, 200);
      }),
      { numRuns: 200 },
    );
  }).timeout(60_000);
});
