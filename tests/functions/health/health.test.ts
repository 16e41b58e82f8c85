import assert from "node:assert/strict";
import { apiHandler, ApiResponse, Operation } from "../../../functions/http/api";
import { canaryId } from "../../../functions/shared/reserved-items";
import { Canary, healthOperation } from "../../../functions/health/health";
import { isTicketId } from "../../../functions/tickets/ticket-id";
import { call, httpEvent, invoke } from "../../../testing/api-calls";
import { withEnvironment } from "../../support/environment";
import { captureLogs } from "../../support/logs";
import { IRELAND, NOW } from "../../../testing/tickets";

type Checks = {
  readonly read: { ok: boolean; reason?: string };
  readonly write: { ok: boolean; reason?: string };
};
type Body = { readonly ok: boolean; readonly checks: Checks; readonly checkedAt: string };

const works = async (): Promise<void> => undefined;
const fails = async (): Promise<void> => Promise.reject(new Error("The table is away."));
const throttles = async (): Promise<void> =>
  Promise.reject(Object.assign(new Error("Slow down."), { name: "ThrottlingException" }));
const hangs = (): Promise<void> => new Promise(() => undefined);

describe("GET /health", () => {
  captureLogs();
  withEnvironment({ AWS_REGION: IRELAND });
  const healthOf = (canary: Partial<Canary>): Operation =>
    healthOperation({ canary: { read: works, write: works, ...canary }, region: IRELAND, now: () => NOW });
  const checked = async (canary: Partial<Canary>): Promise<ApiResponse & { readonly body: Body }> =>
    (await call(healthOf(canary))) as ApiResponse & { readonly body: Body };

  it("starts with the search string of Route 53 if all checks succeed", async () => {
    const { status, text } = await invoke(
      apiHandler("checkHealth", healthOf({})),
      httpEvent("GET", "/health"),
    );
    assert.equal(status, 200);
    assert.ok(text.startsWith('{"ok":true,"region":"eu-west-1"'), text);
  });

  it("never contains the search string of Route 53 if a check fails", async () => {
    const { status, text } = await invoke(
      apiHandler("checkHealth", healthOf({ read: fails })),
      httpEvent("GET", "/health"),
    );
    assert.equal(status, 503);
    assert.doesNotMatch(text, /"ok":true,"region"/);
  });

  for (const part of ["read", "write"] as const) {
    it(`returns 503 with the reason if the ${part} fails`, async () => {
      const { status, body } = await checked({ [part]: fails });
      const other = part === "read" ? "write" : "read";
      assert.deepEqual([status, body.ok, body.checks[other].ok], [503, false, true]);
      assert.equal(body.checks[part].reason, "The table is away.");
    });

    it(`returns the name of the AWS error if the ${part} fails with one`, async () => {
      const { body } = await checked({ [part]: throttles });
      assert.equal(body.checks[part].reason, "ThrottlingException");
    });
  }

  it("returns 503 after one second if both the read and the write hang", async () => {
    const { status, body } = await checked({ read: hangs, write: hangs });
    assert.equal(status, 503);
    const reasons = [body.checks.read.reason, body.checks.write.reason];
    assert.deepEqual(reasons, ["No response within 1000 ms", "No response within 1000 ms"]);
  });

  it("writes and returns the time of the check", async () => {
    const written: number[] = [];
    const { body } = await checked({ write: async (now) => void written.push(now) });
    assert.deepEqual([written, body.checkedAt], [[NOW], new Date(NOW).toISOString()]);
  });
});

describe("Cache of GET /health", () => {
  let reads: number;
  let now: number;
  let health: Operation;
  beforeEach(() => {
    [reads, now] = [0, NOW];
    const canary = { read: async () => void reads++, write: works };
    health = healthOperation({ canary, region: IRELAND, now: () => now });
  });

  it("shares one check between all requests within a second, including concurrent ones", async () => {
    const answers = await Promise.all([call(health), call(health)]);
    now += 999;
    answers.push(await call(health));
    assert.equal(reads, 1);
    assert.equal(new Set(answers).size, 1);
  });

  it("checks again after a second", async () => {
    await call(health);
    now += 1000;
    await call(health);
    assert.equal(reads, 2);
  });
});

describe("canaryId", () => {
  it("differs by region and is never a ticket id", () => {
    assert.notEqual(canaryId(IRELAND), canaryId("ap-southeast-1"));
    assert.equal(isTicketId(canaryId(IRELAND)), false);
  });
});
