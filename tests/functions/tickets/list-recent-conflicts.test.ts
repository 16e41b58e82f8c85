import assert from "node:assert/strict";
import {
  listRecentConflictsOperation,
  RecentConflict,
  RecentConflicts,
} from "../../../functions/tickets/list-recent-conflicts";
import { problemOf, send } from "../../../testing/api-calls";
import { idOf, versionAt } from "../../../testing/tickets";

interface Page {
  readonly conflicts: RecentConflict[];
  readonly cursor?: string;
}

describe("GET /conflicts", () => {
  const all = Array.from({ length: 60 }, (_, at) => ({ id: idOf(at), losingVersion: versionAt(-at) }));
  const table: RecentConflicts = {
    async newest(after, limit) {
      const start = after ? all.findIndex(({ id }) => id === after.id) + 1 : 0;
      return all.slice(start, start + limit).map((entry) => ({ ...entry, listing: "conflicts" }));
    },
  };
  const list = async (query: Record<string, string> = {}): Promise<Page> =>
    (await send("listRecentConflicts", listRecentConflictsOperation(table), { query })).body as Page;

  it("returns every conflict once over all pages, with only the ticket id and the losing version", async () => {
    const found: RecentConflict[] = [];
    let cursor: string | undefined;
    do {
      const page: Page = await list({ limit: "20", ...(cursor && { cursor }) });
      found.push(...page.conflicts);
      cursor = page.cursor;
    } while (cursor !== undefined);
    assert.deepEqual(found, all);
  });

  it("returns 25 conflicts by default", async () => assert.equal((await list()).conflicts.length, 25));

  for (const cursor of ["nonsense", Buffer.from('{"after":{"id":"1"}}').toString("base64url")])
    it(`returns 400 for the cursor ${cursor}`, async () => {
      const { problem } = await problemOf(() => list({ cursor }));
      assert.deepEqual([problem.status, problem.errors?.[0].field], [400, "cursor"]);
    });
});
