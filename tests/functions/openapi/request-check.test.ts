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
  const rejects = async (fields: object, field: string, detail: RegExp): Promise<void> => {
    const errors = await errorsOf(operationId, bodyOf(fields));
    assert.deepEqual(
      errors.map((error) => error.field),
      [field],
    );
    assert.match(errors[0].detail, detail);
  };

  describe(`requestCheck of ${operationId}`, () => {
    for (const field of TEXT_FIELDS) {
      const { maxLength: maximum } = TICKET_ATTRIBUTES[field];
      it(`accepts ${maximum} characters (code points) in ${field}`, () => {
        accepts({ [field]: "x".repeat(maximum) });
        accepts({ [field]: "😀".repeat(maximum) });
      });
      it(`rejects one character more in ${field}`, () =>
        rejects(
          { [field]: "😀".repeat(maximum + 1) },
          field,
          new RegExp(`^Must have at most ${maximum} characters\\. It has ${maximum + 1}\\.$`),
        ));
      for (const wrong of [null, 7, true, [], {}, ["a"]])
        it(`rejects ${JSON.stringify(wrong)} in ${field}`, () =>
          rejects(
            { [field]: wrong },
            field,
            new RegExp(`^Must be a string of . to ${maximum} characters\\.$`),
          ));
      for (const half of ["\ud83d", "a\udc00b"])
        it(`rejects a lone surrogate in ${field} (${JSON.stringify(half)})`, () =>
          rejects({ [field]: half }, field, /surrogate/));
    }

    for (const field of TEXT_FIELDS.filter((name) => name !== "subject"))
      it(`accepts an empty ${field}`, () => accepts({ [field]: "" }));
    it("rejects an empty subject", () => rejects({ subject: "" }, "subject", /^Must not be empty\.$/));
    for (const blank of ["   ", "\t\n\u00a0"])
      it(`rejects ${JSON.stringify(blank)} in subject`, () =>
        rejects({ subject: blank }, "subject", /not only white space/));

    for (const priority of ["low", "medium", "high"])
      it(`accepts the priority ${priority}`, () => accepts({ priority }));
    for (const status of ["open", "assigned", "closed"])
      it(`accepts the status ${status}`, () => accepts({ status }));
    for (const wrong of ["urgent", "", "Low", "toString", null, 1, ["low"]]) {
      it(`rejects ${JSON.stringify(wrong)} in priority`, () =>
        rejects({ priority: wrong }, "priority", /^Must be one of "low", "medium", "high"\.$/));
      it(`rejects ${JSON.stringify(wrong)} in status`, () =>
        rejects({ status: wrong }, "status", /^Must be one of "open", "assigned", "closed"\.$/));
    }

    for (const unknown of ["id", "version", "seen", "deleted", "createdBy", "constructor", "a/b~c.d", ""])
      it(`rejects the unknown field ${JSON.stringify(unknown)}`, () =>
        rejects({ [unknown]: "x" }, unknown, new RegExp(`Unknown field\\. The fields are ${FIELD_NAMES}`)));
    it("rejects the field __proto__", async () => {
      const body = '{"subject":"a","__proto__":{"status":"closed"}}';
      const errors = await errorsOf(operationId, { body });
      assert.deepEqual(
        errors.map(({ field }) => field),
        ["__proto__"],
      );
    });
    it("returns at most 50 errors", async () => {
      const unknown = Array.from({ length: 6000 }, (_, index) => [`a${index}`, 0]);
      assert.equal((await errorsOf(operationId, bodyOf(Object.fromEntries(unknown)))).length, 50);
    });

    for (const other of ["[]", '[{"subject":"a"}]', "null", "7", '"a"', '"\\ud800"', "true"])
      it(`rejects ${other}, which is not an object`, async () => {
        const [{ field, detail }, ...others] = await errorsOf(operationId, { body: other });
        assert.deepEqual([field, others], ["body", []]);
        assert.match(detail, /^Must be a JSON object with subject, /);
      });
    for (const nested of ['{"subject":'.repeat(5000) + "1" + "}".repeat(5000), "[".repeat(65_536)])
      it(`rejects thousands of levels of nesting (${nested.slice(0, 11)}…)`, async () => {
        assert.equal((await errorsOf(operationId, { body: nested })).length, 1);
      });
    it("uses the last of two fields with the same name", () => {
      const { body } = checked(operationId, { body: '{"subject":7,"subject":"last"}' });
      assert.equal((body as { subject: string }).subject, "last");
    });
    for (const body of [undefined, ""])
      it(`rejects a missing body (${JSON.stringify(body)})`, async () => {
        assert.deepEqual(await errorsOf(operationId, { body }), [{ field: "body", detail: "Is required." }]);
      });
  });
}

describe("requestCheck of a new ticket", () => {
  it("adds defaults for all fields except the subject", () => {
    const defaults = { description: "", customer: "", assignee: "", priority: "medium", status: "open" };
    const { body } = checked("createTicket", { body: '{"subject":"a"}' });
    assert.deepEqual(body, { subject: "a", ...defaults });
  });

  it("requires a subject", async () => {
    assert.deepEqual(await errorsOf("createTicket", { body: "{}" }), [
      { field: "subject", detail: "Is required." },
    ]);
  });
});

describe("requestCheck of an edit", () => {
  it("adds no defaults", () => {
    assert.deepEqual(checked("updateTicket", { body: '{"status":"closed"}' }).body, { status: "closed" });
  });

  it("requires at least one field", async () => {
    const [{ field, detail }] = await errorsOf("updateTicket", { body: "{}" });
    assert.equal(field, "body");
    assert.match(detail, /at least one of subject, .*, resolvedConflict\.$/);
  });

  it("accepts only a version as resolvedConflict", async () => {
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

describe("requestCheck of all parts", () => {
  it("returns all errors at once, with the names that the client sent", async () => {
    const errors = await errorsOf("updateTicket", {
      pathParameters: { id: "1" },
      rawQueryString: "force=true",
      headers: { "content-type": "application/json", "if-match": "abc" },
      body: '{"subject":"","status":7,"color":"red"}',
    });
    assert.deepEqual(Object.fromEntries(errors.map(({ field, detail }) => [field, detail])), {
      id: "Must be a ULID: 26 characters such as 01JD9Z3N8Q4T6V8X0Y2A4C6E8G.",
      force: "Unknown parameter. There are no parameters.",
      "if-match": "Must be quoted ETags separated by commas, or *.",
      subject: "Must not be empty.",
      status: 'Must be one of "open", "assigned", "closed".',
      color: `Unknown field. The fields are ${FIELD_NAMES}, resolvedConflict.`,
    });
  });

  it("returns the errors of the other parts for a malformed body", async () => {
    const errors = await errorsOf("updateTicket", { pathParameters: { id: "1" }, body: "{" });
    assert.deepEqual(errors.map(({ field }) => field).sort(), ["body", "id"]);
  });

  it("requires a ticket id in the path", async () => {
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

  it("ignores the body of an operation without one", () => {
    const { body } = checked("deleteTicket", { body: "nonsense", headers: { "content-type": "text/plain" } });
    assert.equal(body, undefined);
  });
});
