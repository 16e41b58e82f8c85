import { accessibility } from "./accessibility";
import { conflicts } from "./conflicts";
import { failover } from "./failover";
import { fields } from "./validation";
import { history } from "./navigation";
import { keyboard } from "./keyboard";
import { layout } from "./layout";
import { listing } from "./listing";
import { offline } from "./offline";
import { outsideChanges } from "./concurrent-edits";
import { Stage } from "./browser-environment";
import { whileSaving } from "./pending-writes";
import { wholeLife } from "./ticket-lifecycle";

describe("The page in a browser", function () {
  this.timeout(120_000);

  let stage: Stage;
  before(async () => {
    stage = await Stage.set();
  });
  afterEach(() => stage.tidy());
  after(() => stage?.strike());

  for (const cases of [
    wholeLife,
    fields,
    outsideChanges,
    whileSaving,
    keyboard,
    history,
    layout,
    listing,
    conflicts,
    accessibility,
    failover,
    offline,
  ])
    cases(() => stage);
});
