import assert from "node:assert/strict";
import { ApiProblem } from "../../ui/src/api-types";
import { NoRegionAnswers, RegionFailure, WriteUnanswered } from "../../ui/src/region-errors";
import { TicketApi } from "../../ui/src/ticket-api";
import { bannerText, regionLabel, writeProblemText } from "../../ui/src/wording";
import { ireland, singapore } from "./fake-regions";

const regions = [ireland, singapore];

function apiThatAnswers(status: number, body?: unknown): { api: TicketApi; asked: string[] } {
  const asked: string[] = [];
  const answer = { status, body, servedBy: ireland.code };
  const read = async (path: string) => (asked.push(`GET ${path}`), answer);
  const write = async (method: string, path: string, content?: unknown) => (
    asked.push([method, path, JSON.stringify(content)].join(" ").trim()),
    answer
  );
  return { api: new TicketApi({ read, write }), asked };
}

async function problemOf(api: TicketApi): Promise<ApiProblem> {
  const error = await api.create({ subject: "" }).then(
    () => assert.fail("It was not refused."),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ApiProblem);
  return error;
}

describe("The page's ticket API", () => {
  it("asks for a page of all tickets, of a status, and after a cursor", async () => {
    const { api, asked } = apiThatAnswers(200, { tickets: [] });
    await api.list("all");
    await api.list("closed", "a/b=");
    assert.deepEqual(asked, ["GET /tickets?limit=25", "GET /tickets?limit=25&status=closed&cursor=a%2Fb%3D"]);
  });

  it("creates, changes and deletes", async () => {
    const { api, asked } = apiThatAnswers(200, { id: "X" });
    await api.create({ subject: "A", customer: undefined });
    await api.change("X", { status: "closed" });
    await api.remove("X");
    assert.deepEqual(asked, [
      'POST /tickets {"subject":"A"}',
      'PATCH /tickets/X {"status":"closed"}',
      "DELETE /tickets/X",
    ]);
  });

  it("gives the problem details of a refusal", async () => {
    const errors = [{ field: "subject", detail: "Must not be empty." }];
    const body = {
      title: "The request is not valid",
      status: 400,
      detail: "subject: Must not be empty.",
      errors,
    };
    const { problem } = await problemOf(apiThatAnswers(400, body).api);
    assert.deepEqual(problem, body);
  });

  it("understands a refusal of API Gateway itself, and one without a body", async () => {
    const throttled = await problemOf(apiThatAnswers(429, { message: "Too Many Requests" }).api);
    assert.equal(throttled.problem.detail, "Too Many Requests");
    const bare = await problemOf(apiThatAnswers(403).api);
    assert.equal(bare.problem.detail, "The API answered 403.");
    assert.deepEqual(bare.problem.errors, []);
  });

  it("refuses a success without what was asked for", async () => {
    await assert.rejects(apiThatAnswers(200, {}).api.list("all"), /without a page of tickets/);
    await assert.rejects(apiThatAnswers(201, {}).api.create({ subject: "A" }), /without a ticket/);
  });
});

describe("The page's words about regions", () => {
  const failures = regions.map((api) => new RegionFailure(api, "it answered 503"));
  const standing = { preferred: ireland, current: ireland, unanswered: 0 };

  it("name a region with its code, and an unknown one by its code alone", () => {
    assert.equal(regionLabel("eu-west-1", regions), "Ireland · eu-west-1");
    assert.equal(regionLabel("us-east-1", regions), "us-east-1");
  });

  it("tell a write that may have been saved from one that was not sent", () => {
    assert.match(
      writeProblemText(new WriteUnanswered(failures[0]), regions),
      /Ireland .* may or may not have been saved/,
    );
    const notSent = writeProblemText(new NoRegionAnswers(failures), regions);
    assert.equal(notSent, "Not saved: neither Ireland nor Singapore answers. Try again in a moment.");
  });

  it("say nothing while the preferred region serves, or when one question alone went unanswered", () => {
    assert.equal(bannerText(standing, regions), undefined);
    assert.equal(bannerText({ ...standing, unanswered: 1 }, regions), undefined);
  });

  it("say which region serves instead, and when none does", () => {
    assert.match(
      bannerText({ ...standing, current: singapore }, regions) ?? "",
      /Ireland does not .*Singapore serves/,
    );
    assert.match(
      bannerText({ ...standing, unanswered: 2 }, regions) ?? "",
      /Neither Ireland nor Singapore answers/,
    );
  });

  it("do not hide an error they do not know", () => {
    const bug = new TypeError("x is not a function");
    assert.throws(() => writeProblemText(bug, regions), bug);
  });
});
