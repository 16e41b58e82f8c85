import assert from "node:assert/strict";
import { ulid } from "ulid";
import { isTicketId } from "../../../functions/tickets/ticket-id";
import { idOf } from "../../../testing/tickets";

const WRONG = [
  undefined,
  7,
  "",
  "1",
  idOf(1).slice(1),
  `${idOf(1)}0`,
  idOf(1).toLowerCase(),
  `8${idOf(1).slice(1)}`,
  ...["I", "L", "O", "U", "-", " ", "é"].map((letter) => idOf(1).slice(0, -1) + letter),
  `${idOf(1)}\n`,
  "canary-eu-west-1",
  "../../../../../etc/passwd",
];

describe("isTicketId", () => {
  it("accepts ids of the ulid package", () => {
    for (const time of [0, Date.now(), 281_474_976_710_655]) assert.equal(isTicketId(ulid(time)), true);
  });

  for (const id of WRONG) it(`rejects ${JSON.stringify(id)}`, () => assert.equal(isTicketId(id), false));
});
