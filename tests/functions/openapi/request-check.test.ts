import assert from "node:assert/strict";
import { TEXT_FIELDS, TICKET_ATTRIBUTES, TICKET_FIELDS } from "../../../functions/tickets/ticket-attributes";
import { idOf, versionAt } from "../../../testing/tickets";
import { checked, errorsOf } from "./checked-request";

const FIELD_NAMES = TICKET_FIELDS.join(", ");

for (const operationId of ["createTicket", "updateTicket"] as const) {
  const bodyOf = (fields: object): { body: string } => ({
    body: JSON.stringify({ subject: "No heating", ...fields }),
  });
  const accepts = (fields: object): void => {
    const body = checked(operationId, bodyOf(fields)).body as Record<string, unknown>;
    for (const [name, value] of Object.entries(fields)) assert.equal(body[name], value);
  };
  const refuses = async (fields: object, field: string, detail: RegExp): Promise<void> => {
    const errors = await errorsOf(operationId, bodyOf(fields));
    assert.deepEqual(
      errors.map((error) => error.field),
      [field],
    );
    assert.match(errors[0].detail, detail);
  };

  describe(`the fields of ${operationId}`, () => {
    for (const field of TEXT_FIELDS) {
      const { maxLength: maximum } = TICKET_ATTRIBUTES[field];
      it(`may have ${maximum} characters in ${field}, counted as people count`, () => {
        accepts({ [field]: "x".repeat(maximum) });
        accepts({ [field]: "😀".repeat(maximum) });
      });
      it(`may not have one character more in ${field}`, () =>
        refuses(
          { [field]: "😀".repeat(maximum + 1) },
          field,
          new RegExp(`^Must have at most ${maximum} characters\\. It has ${maximum + 1}\\.$`),
        ));
      for (const wrong of [null, 7, true, [], {}, ["a"]])
        it(`may not be ${JSON.stringify(wrong)} in ${field}`, () =>
          refuses(
            { [field]: wrong },
            field,
            new RegExp(`^Must be a string of . to ${maximum} characters\\.$`),
          ));
      for (const half of ["\ud83d", "a\udc00b"])
        it(`rejects a lone surrogate in ${field} (${JSON.stringify(half)})`, () =>
          refuses({ [field]: half }, field, /surrogate/));
    }

    for (const field of TEXT_FIELDS.filter((name) => name !== "subject"))
      it(`may be empty in ${field}`, () => accepts({ [field]: "" }));
    it("may not be empty in subject", () => refuses({ subject: "" }, "subject", /^Must not be empty\.$/));
    for (const blank of ["   ", "\t\n\u00a0"])
      it(`may not be ${JSON.stringify(blank)} in subject`, () =>
        refuses({ subject: blank }, "subject", /not only white space/));

    for (const priority of ["low", "medium", "high"])
      it(`may be ${priority} in priority`, () => accepts({ priority }));
    for (const status of ["open", "assigned", "closed"])
      it(`may be ${status} in status`, () => accepts({ status }));
    for (const wrong of ["urgent", "", "Low", "toString", null, 1, ["low"]]) {
      it(`may not be ${JSON.stringify(wrong)} in priority`, () =>
        refuses({ priority: wrong }, "priority", /^Must be one of "low", "medium", "high"\.$/));
      it(`may not be ${JSON.stringify(wrong)} in status`, () =>
        refuses({ status: wrong }, "status", /^Must be one of "open", "assigned", "closed"\.$/));
    }

    for (const unknown of ["id", "version", "seen", "deleted", "createdBy", "constructor", "a/b~c.d", ""])
      it(`may not have ${JSON.stringify(unknown)}`, () =>
        refuses({ [unknown]: "x" }, unknown, new RegExp(`Unknown field\\. The fields are ${FIELD_NAMES}`)));
    it("may not have __proto__", async () => {
      const body = '{"subject":"a","__proto__":{"status":"closed"}}';
      const errors = await errorsOf(operationId, { body });
      assert.deepEqual(
        errors.map(({ field }) => field),
        ["__proto__"],
      );
    });
    it("are told at most fifty at once when they do not exist", async () => {
      const unknown = Array.from({ length: 6000 }, (_, index) => [`a${index}`, 0]);
      assert.equal((await errorsOf(operationId, bodyOf(Object.fromEntries(unknown)))).length, 50);
    });

    for (const other of ["[]", '[{"subject":"a"}]', "null", "7", '"a"', '"\\ud800"', "true"])
      it(`may not be ${other}, which is not an object`, async () => {
        const [{ field, detail }, ...others] = await errorsOf(operationId, { body: other });
        assert.deepEqual([field, others], ["body", []]);
        assert.match(detail, /^Must be a JSON object with subject, /);
      });
    for (const nested of ['{"subject":'.repeat(5000) + "1" + "}".repeat(5000), "[".repeat(65_536)])
      it(`may not be nested thousands of levels deep (${nested.slice(0, 11)}…)`, async () => {
        assert.equal((await errorsOf(operationId, { body: nested })).length, 1);
      });
    it("count once when they are given twice: the last does", () => {
      const { body } = checked(operationId, { body: '{"subject":7,"subject":"last"}' });
      assert.equal((body as { subject: string }).subject, "last");
    });
    for (const body of [undefined, ""])
      it(`may not be left out altogether (${JSON.stringify(body)})`, async () => {
        assert.deepEqual(await errorsOf(operationId, { body }), [{ field: "body", detail: "Is required." }]);
      });
  });
}

describe("a new ticket", () => {
  it("has defaults for all but its subject", () => {
    const defaults = { description: "", customer: "", assignee: "", priority: "medium", status: "open" };
    const { body } = checked("createTicket", { body: '{"subject":"a"}' });
    assert.deepEqual(body, { subject: "a", ...defaults });
  });

  it("needs a subject", async () => {
    assert.deepEqual(await errorsOf("createTicket", { body: "{}" }), [
      { field: "subject", detail: "Is required." },
    ]);
  });
});

describe("an edit", () => {
  it("has only the fields that were given", () => {
    assert.deepEqual(checked("updateTicket", { body: '{"status":"closed"}' }).body, { status: "closed" });
  });

  it("needs at least one field", async () => {
    const [{ field, detail }] = await errorsOf("updateTicket", { body: "{}" });
    assert.equal(field, "body");
    assert.match(detail, /at least one of subject, .*, resolvedConflict\.$/);
  });

  it("may settle a conflict by its version, and by nothing else", async () => {
    const resolvedConflict = versionAt(1);
    const { body } = checked("updateTicket", { body: JSON.stringify({ resolvedConflict }) });
    assert.deepEqual(body, { resolvedConflict });
    for (const wrong of ["", "today", 7]) {
      const [{ field, detail }] = await errorsOf("updateTicket", {
        body: JSON.stringify({ resolvedConflict: wrong }),
      });
      assert.equal(field, "resolvedConflict");
      assert.match(detail, /^Must be a version such as 0017/);
    }
  });
});

describe("the parts of a request", () => {
  it("are told with every error at once, each by the name that the client knows", async () => {
    const errors = await errorsOf("updateTicket", {
      pathParameters: { id: "1" },
      queryStringParameters: { force: "true" },
      headers: { "content-type": "application/json", "if-match": "abc" },
      body: '{"subject":"","status":7,"colour":"red"}',
    });
    assert.deepEqual(Object.fromEntries(errors.map(({ field, detail }) => [field, detail])), {
      id: "Must be a ULID: 26 characters such as 01JD9Z3N8Q4T6V8X0Y2A4C6E8G.",
      force: "Unknown parameter. There are no parameters.",
      "if-match": "Must be quoted ETags separated by commas, or *.",
      subject: "Must not be empty.",
      status: 'Must be one of "open", "assigned", "closed".',
      colour: `Unknown field. The fields are ${FIELD_NAMES}, resolvedConflict.`,
    });
  });

  it("are told too when the body cannot be read", async () => {
    const errors = await errorsOf("updateTicket", { pathParameters: { id: "1" }, body: "{" });
    assert.deepEqual(errors.map(({ field }) => field).sort(), ["body", "id"]);
  });

  it("need a ticket's id in the path", async () => {
    for (const wrong of ["", "1", idOf(1).slice(1), `${idOf(1)}0`, idOf(1).toLowerCase(), `${idOf(1)}\n`]) {
      const errors = await errorsOf("getTicket", { pathParameters: { id: wrong } });
      assert.deepEqual(
        errors.map(({ field }) => field),
        ["id"],
      );
    }
    assert.deepEqual(await errorsOf("getTicket", { pathParameters: undefined }), [
      { field: "id", detail: "Is required." },
    ]);
  });

  it("have no body where the document has none", () => {
    const { body } = checked("deleteTicket", { body: "nonsense", headers: { "content-type": "text/plain" } });
    assert.equal(body, undefined);
  });
});
