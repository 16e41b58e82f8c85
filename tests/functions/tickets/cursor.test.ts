import assert from "node:assert/strict";
import { cursorAfter, positionOfCursor } from "../../../functions/tickets/cursor";
import { problemOf } from "../../support/api-calls";
import { idOf } from "../../support/tickets";

const POSITION = { id: idOf(7) };
const isPosition = ({ id }: { id?: unknown }): boolean => id === idOf(7);
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
  base64url('{"after":null}'),
  base64url('{"after":{}}'),
  cursorAfter({ id: idOf(8) }),
  base64url(`{"after": {"id":"${idOf(7)}"}}`),
  `${cursorAfter(POSITION)}!`,
  cursorAfter(POSITION).slice(0, -1),
  "A".repeat(10_000),
];

describe("a cursor", () => {
  it("gives back the position it was made from", () =>
    assert.deepEqual(positionOfCursor(cursorAfter(POSITION), isPosition), POSITION));

  it("needs no escaping in a URL", () => {
    const cursor = cursorAfter(POSITION);
    assert.equal(encodeURIComponent(cursor), cursor);
  });

  for (const cursor of WRONG)
    it(`is not ${JSON.stringify(cursor).slice(0, 80)}`, async () => {
      const { problem } = await problemOf(() => positionOfCursor(cursor, isPosition));
      assert.equal(problem.status, 400);
      assert.deepEqual(
        problem.errors?.map(({ field }) => field),
        ["cursor"],
      );
    });
});
