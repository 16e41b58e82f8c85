import assert from "node:assert/strict";
import { Notices } from "../../ui/src/notices";

describe("Notices", () => {
  const texts = ({ shown }: Notices): string[] => shown.peek().map(({ text }) => text);

  it("replaces a notice with the next one", () => {
    const notices = new Notices();
    notices.show("Created “A”.");
    notices.show("Ireland does not respond.");
    assert.deepEqual(texts(notices), ["Ireland does not respond."]);
  });

  it("keeps a problem when other notices are shown", () => {
    const notices = new Notices();
    notices.show("Created “A”.");
    notices.showProblem("“A”: This may or may not have been saved.");
    notices.show("Connected again. Ireland serves.");
    notices.show("Ireland is on standby.");
    assert.deepEqual(texts(notices), ["“A”: This may or may not have been saved.", "Ireland is on standby."]);
  });

  it("shows a repeated problem once, and only the newest three problems", () => {
    const notices = new Notices();
    for (const text of ["one", "two", "three", "two", "four"]) notices.showProblem(text);
    assert.deepEqual(texts(notices), ["three", "two", "four"]);
  });

  it("dismisses a single notice", () => {
    const notices = new Notices();
    notices.showProblem("one");
    notices.showProblem("two");
    notices.dismiss(notices.shown.peek()[0].id);
    assert.deepEqual(texts(notices), ["two"]);
  });
});
