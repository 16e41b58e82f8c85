import type { Scenario } from "../scenario";
import { apiDown } from "./api-down";
import { bothDown } from "./both-down";
import { databaseThrottled } from "./database-throttled";
import { flapping } from "./flapping";
import { healthLies } from "./health-lies";
import { regionDown } from "./region-down";
import { replicationCutThenRegionDown } from "./replication-cut-then-region-down";
import { replicationPausedThenTakeover } from "./replication-paused-then-takeover";
import { slowRegion } from "./slow-region";
import { takeover } from "./takeover";

/** Every drill that there is; the first is the default on the local cloud. */
export const SCENARIOS: readonly Scenario[] = [
  regionDown,
  apiDown,
  databaseThrottled,
  healthLies,
  replicationCutThenRegionDown,
  bothDown,
  flapping,
  slowRegion,
  takeover,
  replicationPausedThenTakeover,
];
