import assert from "node:assert/strict";
import { changedTicketFields, MAXIMUM_BODY_BYTES, newTicketFields } from "../../../functions/tickets/fields";
import { problemOf } from "../../support/api-calls";

const READERS = { "a new ticket": newTicketFields, "an edit": changedTicketFields };

for (const [what, read] of Object.entries(READERS)) {
  const accepts = (fields: object): void => {
    const given = { subject: "No heating", ...fields };
    const taken = read(JSON.stringify(given)) as Record<string, unknown>;
    for (const [name, value] of Object.entries(given)) assert.equal(taken[name], value);
  };
  const refuses = async (fields: object, field: string, detail: RegExp): Promise<void> => {
    const { problem } = await problemOf(() => read(JSON.stringify({ subject: "No heating", ...fields })));
    assert.equal(problem.status, 400);
    assert.deepEqual(
      problem.errors?.map((error) => error.field),
      [field],
    );
    assert.match(problem.errors?.[0].detail ?? "", detail);
  };

  describe(`the fields of ${what}`, () => {
    for (const [field, maximum] of Object.entries({
      subject: 200,
      description: 5000,
      customer: 200,
      assignee: 100,
    })) {
      it(`may have ${maximum} characters in ${field}, counted as people count`, () => {
        accepts({ [field]: "x".repeat(maximum) });
        accepts({ [field]: "😀".repeat(maximum) });
      });
      it(`may not have one character more in ${field}`, () =>
        refuses(
          { [field]: "x".repeat(maximum + 1) },
          field,
          new RegExp(`Has ${maximum + 1} .* ${maximum} are`),
        ));
      for (const wrong of [null, 7, true, [], {}, ["a"]])
        it(`may not be ${JSON.stringify(wrong)} in ${field}`, () =>
          refuses({ [field]: wrong }, field, new RegExp(`Must be a text of . to ${maximum} characters`)));
      for (const half of ["\ud83d", "a\udc00b"])
        it(`may not have half of a surrogate pair in ${field} (${JSON.stringify(half)})`, () =>
          refuses({ [field]: half }, field, /surrogate/));
    }

    for (const field of ["description", "customer", "assignee"])
      it(`may be empty in ${field}`, () => accepts({ [field]: "" }));
    for (const blank of ["", "   ", "\t\n\u00a0"])
      it(`may not be ${JSON.stringify(blank)} in subject`, () =>
        refuses({ subject: blank }, "subject", /empty/));

    for (const priority of ["low", "medium", "high"])
      it(`may be ${priority} in priority`, () => accepts({ priority }));
    for (const status of ["open", "assigned", "closed"])
      it(`may be ${status} in status`, () => accepts({ status }));
    for (const wrong of ["urgent", "", "Low", "toString", null, 1, ["low"]]) {
      it(`may not be ${JSON.stringify(wrong)} in priority`, () =>
        refuses({ priority: wrong }, "priority", /"low", "medium", "high"/));
      it(`may not be ${JSON.stringify(wrong)} in status`, () =>
        refuses({ status: wrong }, "status", /"open", "assigned", "closed"/));
    }

    for (const unknown of [
      "id",
      "version",
      "origin",
      "seen",
      "deleted",
      "expiresAt",
      "createdBy",
      "constructor",
      "",
    ])
      it(`may not have ${JSON.stringify(unknown)}`, () =>
        refuses({ [unknown]: "x" }, unknown, /no such field.*subject, description/));
    it("may not have __proto__", async () => {
      const { problem } = await problemOf(() => read('{"subject":"a","__proto__":{"status":"closed"}}'));
      assert.deepEqual(
        problem.errors?.map(({ field }) => field),
        ["__proto__"],
      );
    });

    it("are refused with every error at once", async () => {
      const { problem } = await problemOf(() => read('{"subject":"","status":7,"colour":"red"}'));
      assert.deepEqual(problem.errors?.map(({ field }) => field).sort(), ["colour", "status", "subject"]);
    });

    for (const malformed of ["", "{", "subject=a", "{'subject':'a'}", '{"subject":"a",}', "undefined"])
      it(`may not be ${JSON.stringify(malformed)}, which is not JSON`, async () => {
        const { problem } = await problemOf(() => read(malformed));
        assert.equal(problem.status, 400);
        assert.equal(problem.title, "The body is not JSON");
      });
    for (const other of ["[]", '[{"subject":"a"}]', "null", "7", '"a"', "true"])
      it(`may not be ${other}, which is not an object`, async () => {
        const { problem } = await problemOf(() => read(other));
        assert.equal(problem.status, 400);
        assert.match(problem.detail, /must be a JSON object/);
      });

    it("may take so many bytes and not one more", async () => {
      const body = '{"subject":"a"}';
      read(body.padEnd(MAXIMUM_BODY_BYTES));
      const { problem } = await problemOf(() => read(body.padEnd(MAXIMUM_BODY_BYTES + 1)));
      assert.equal(problem.status, 413);
      assert.match(
        problem.detail,
        new RegExp(`has ${MAXIMUM_BODY_BYTES + 1} bytes; at most ${MAXIMUM_BODY_BYTES}`),
      );
    });
    it("are measured in bytes of UTF-8", async () => {
      const body = JSON.stringify({ description: "€".repeat(MAXIMUM_BODY_BYTES / 3) });
      assert.equal((await problemOf(() => read(body))).problem.status, 413);
    });
  });
}

describe("a new ticket", () => {
  it("has defaults for all but its subject", () => {
    const defaults = { description: "", customer: "", assignee: "", priority: "medium", status: "open" };
    assert.deepEqual(newTicketFields('{"subject":"a"}'), { subject: "a", ...defaults });
  });

  it("needs a subject", async () => {
    const { problem } = await problemOf(() => newTicketFields("{}"));
    assert.deepEqual(problem.errors, [{ field: "subject", detail: "Is required." }]);
  });
});

describe("an edit", () => {
  it("has only the fields that were given", () => {
    assert.deepEqual(changedTicketFields('{"status":"closed"}'), { status: "closed" });
  });

  it("needs at least one field", async () => {
    const { problem } = await problemOf(() => changedTicketFields("{}"));
    assert.equal(problem.status, 400);
    assert.match(problem.detail, /at least one of subject, /);
  });
});
