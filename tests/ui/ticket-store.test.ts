import assert from "node:assert/strict";
import type { StatusFilter, Ticket, TicketPage } from "../../ui/src/api-types";
import { TicketStore } from "../../ui/src/ticket-store";

const PAGE = 2;

function ticket(number: number, changes: Partial<Ticket> = {}): Ticket {
  const id = `T${String(number).padStart(3, "0")}`;
  const createdAt = new Date(number * 1_000).toISOString();
  const texts = { subject: id, description: "", customer: "", assignee: "", createdBy: "anonymous" };
  const rest = { priority: "medium", status: "open", version: "1", origin: "eu-west-1" } as const;
  return { id, createdAt, updatedAt: createdAt, ...texts, ...rest, ...changes };
}

/** A listing with pages of two, newest first, that can be held back. */
class FakeListing {
  tickets = [5, 4, 3, 2, 1].map((number) => ticket(number));
  hold: Promise<void> | undefined;

  async list(filter: StatusFilter, cursor?: string): Promise<TicketPage> {
    const all = this.tickets.filter(
      (known) => (filter === "all" || known.status === filter) && (cursor === undefined || known.id < cursor),
    );
    await this.hold;
    const tickets = all.slice(0, PAGE);
    return { tickets, cursor: all.length > PAGE ? tickets.at(-1)?.id : undefined };
  }
}

describe("The page's ticket store", () => {
  let listing: FakeListing;
  let store: TicketStore;
  let changes: number;
  const ids = (): string => store.tickets.map((known) => Number(known.id.slice(1))).join(" ");

  beforeEach(async () => {
    listing = new FakeListing();
    changes = 0;
    store = new TicketStore(listing, () => changes++);
    await store.refresh();
  });

  it("shows the first page, and more pages on demand", async () => {
    assert.equal(ids(), "5 4");
    await store.loadMore();
    await store.loadMore();
    assert.equal(ids(), "5 4 3 2 1");
    assert.equal(store.hasMore, false);
  });

  it("reads every page it shows again", async () => {
    await store.loadMore();
    listing.tickets = [ticket(6), ...listing.tickets.filter((known) => known.id !== "T004")];
    await store.refresh();
    assert.equal(ids(), "6 5 3 2");
    assert.equal(store.hasMore, true);
  });

  it("keeps what it shows when a reading fails", async () => {
    listing.hold = Promise.reject(new Error("no answer"));
    await assert.rejects(store.refresh(), /no answer/);
    assert.equal(ids(), "5 4");
  });

  it("drops a reading that was asked for before a ticket was changed here", async () => {
    const release = holdBack();
    const reading = store.refresh();
    store.put(ticket(6));
    release();
    await reading;
    assert.equal(ids(), "6 5 4");
  });

  it("leaves no gap when the list has changed while the next page was read", async () => {
    const release = holdBack();
    const reading = store.loadMore();
    listing.tickets = [ticket(6), ...listing.tickets];
    const refreshing = store.refresh();
    release();
    await Promise.all([reading, refreshing]);
    assert.equal(ids(), "6 5 4 3");
  });

  it("shows another status from its first page on, and is pending until that is read", async () => {
    await store.loadMore();
    listing.tickets[4] = ticket(1, { status: "closed" });
    const release = holdBack();
    const showing = store.show("closed");
    assert.equal(store.pending, true);
    assert.equal(ids(), "5 4 3 2");
    release();
    await showing;
    assert.equal(store.pending, false);
    assert.equal(ids(), "1");
  });

  it("takes a changed ticket out when the filter does not show it any more", async () => {
    await store.show("open");
    assert.equal(store.put(ticket(5, { status: "closed", version: "2" })), false);
    assert.equal(ids(), "4");
  });

  it("puts a changed ticket in its place", () => {
    assert.equal(store.put(ticket(4, { status: "closed", version: "2" })), true);
    assert.equal(ids(), "5 4");
    assert.equal(store.tickets[1].status, "closed");
  });

  it("drops a deleted ticket and tells its listener", () => {
    const before = changes;
    store.drop("T005");
    assert.equal(ids(), "4");
    assert.equal(changes, before + 1);
  });

  it("shows a ticket that is on two pages once, in its newest version", async () => {
    await store.loadMore();
    const source = listing.list.bind(listing);
    listing.list = async (filter, cursor) => {
      const page = await source(filter, cursor);
      return cursor
        ? { ...page, tickets: [ticket(5, { version: "2", status: "closed" }), ...page.tickets] }
        : page;
    };
    await store.refresh();
    assert.equal(ids(), "5 4 3 2");
    assert.equal(store.tickets[0].status, "closed");
  });

  function holdBack(): () => void {
    let release = (): void => undefined;
    listing.hold = new Promise((resolve) => (release = resolve));
    return release;
  }
});
