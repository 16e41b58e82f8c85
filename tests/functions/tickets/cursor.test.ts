import assert from "node:assert/strict";
import { cursorAfter, idOfCursor } from "../../../functions/tickets/cursor";
import { problemOf } from "../../support/api-calls";
import { idOf } from "../../support/tickets";

const base64url = (text: string): string => Buffer.from(text).toString("base64url");
const WRONG = [
  "",
  "abc",
  "%00",
  idOf(1),
  base64url("null"),
  base64url("[]"),
  base64url("{}"),
  base64url('{"after":7}'),
  base64url('{"after":"canary-eu-west-1"}'),
  base64url(`{"after": "${idOf(1)}"}`),
  `${cursorAfter(idOf(1))}!`,
  cursorAfter(idOf(1)).slice(0, -1),
  "A".repeat(10_000),
];

describe("a cursor", () => {
  it("gives back the id it was made from", () => assert.equal(idOfCursor(cursorAfter(idOf(7))), idOf(7)));

  it("needs no escaping in a URL", () => {
    const cursor = cursorAfter(idOf(7));
    assert.equal(encodeURIComponent(cursor), cursor);
  });

  for (const cursor of WRONG)
    it(`is not ${JSON.stringify(cursor).slice(0, 80)}`, async () => {
      const { problem } = await problemOf(() => idOfCursor(cursor));
      assert.equal(problem.status, 400);
      assert.deepEqual(
        problem.errors?.map(({ field }) => field),
        ["cursor"],
      );
    });
});
