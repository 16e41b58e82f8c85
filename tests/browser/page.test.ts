import { accessibility } from "./accessibility";
import { conflicts } from "./conflicts";
import { failover } from "./failover";
import { fields } from "./fields";
import { history } from "./history";
import { keyboard } from "./keyboard";
import { layout } from "./layout";
import { listing } from "./listing";
import { offline } from "./offline";
import { outsideChanges } from "./outside-changes";
import { Stage } from "./stage";
import { whileSaving } from "./while-saving";
import { wholeLife } from "./whole-life";

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
