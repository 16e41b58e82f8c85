import assert from "node:assert/strict";
import { Navigation, parseRoute, queryOf } from "../../ui/src/navigation";

/** Window with a history. `back` takes effect asynchronously, as in a browser. */
class FakeWindow {
  private readonly entries: { url: URL; state: unknown }[];
  private at = 0;
  private listener: () => void = () => undefined;

  constructor(search: string) {
    this.entries = [{ url: new URL(`https://app.tickets.test/${search}`), state: null }];
  }

  get length(): number {
    return this.entries.length;
  }

  get location(): URL {
    return this.entries[this.at].url;
  }

  readonly history = {
    owner: this,
    get state(): unknown {
      return this.owner.entries[this.owner.at].state;
    },
    pushState: (state: unknown, _: string, url: string): void => {
      const entry = { state, url: new URL(url, this.location) };
      this.entries.splice(++this.at, Infinity, entry);
    },
    replaceState: (state: unknown, _: string, url: string): void => {
      this.entries[this.at] = { state, url: new URL(url, this.location) };
    },
    back: (): void => void queueMicrotask(() => this.go(-1)),
  };

  go(by: number): void {
    this.at += by;
    this.listener();
  }

  addEventListener(_type: string, listener: () => void): void {
    this.listener = listener;
  }
}

describe("Navigation of the web UI", () => {
  const open = (search = ""): { window: FakeWindow; navigation: Navigation } => {
    const window = new FakeWindow(search);
    return { window, navigation: new Navigation(window) };
  };
  const ticket = { view: "ticket", id: "01J" } as const;
  const edit = { view: "edit", id: "01J" } as const;

  for (const search of [
    "",
    "?status=open",
    "?status=closed&assignee=Mei+Lin",
    "?assignee=",
    "?ticket=01J",
    "?view=new",
  ])
    it(`parses and formats the query "${search}"`, () => assert.equal(queryOf(parseRoute(search)), search));

  it("ignores unknown parameters and values", () => {
    assert.deepEqual(parseRoute("?status=lost&view=edit&other=1"), { filter: {} });
    assert.deepEqual(parseRoute("?ticket=01J&view=lost").overlay, ticket);
  });

  it("adds a history entry for each filter, and none for an equal filter", () => {
    const { window, navigation } = open();
    navigation.filter({ status: "open" });
    navigation.filter({ status: "open" });
    assert.equal(window.length, 2);
    window.go(-1);
    assert.deepEqual(navigation.route.value, { filter: {} });
    window.go(1);
    assert.deepEqual(navigation.route.value, { filter: { status: "open" } });
  });

  it("closes an overlay with Back and opens it again with Forward", async () => {
    const { window, navigation } = open("?status=open");
    const { filter } = navigation.route.value;
    navigation.open(ticket);
    navigation.open(edit);
    navigation.close(edit);
    navigation.close(edit);
    await Promise.resolve();
    assert.deepEqual(navigation.route.value.overlay, ticket);
    navigation.close(ticket);
    await Promise.resolve();
    assert.equal(navigation.route.value.overlay, undefined);
    assert.equal(navigation.route.value.filter, filter);
    window.go(1);
    assert.deepEqual(navigation.route.value.overlay, ticket);
    assert.equal(window.length, 3);
  });

  it("replaces an overlay that a link opened with the list, without leaving the web UI", () => {
    const { window, navigation } = open("?status=open&ticket=01J");
    navigation.close(edit);
    assert.deepEqual(navigation.route.value.overlay, ticket);
    navigation.close(ticket);
    assert.equal(window.location.search, "?status=open");
    assert.equal(window.length, 1);
  });

  it("returns a link to a ticket without the filter", () => {
    const { navigation } = open("?status=open");
    assert.equal(navigation.linkTo("01J"), "https://app.tickets.test/?ticket=01J");
    assert.equal(navigation.urlOfOverlay(ticket), "/?status=open&ticket=01J");
  });
});
