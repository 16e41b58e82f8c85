import type { Context } from "aws-lambda";
import { documentDynamoDB } from "../shared/aws";
import { environmentVariable } from "../shared/environment";
import { writeMetrics } from "../shared/metrics";
import { routingTable } from "../routing/routing-table";
import { waitForDistantConnections } from "../shared/distant-connections";
import { pause } from "../shared/pause";
import { lookUpRoles } from "./role-lookup";
import { probeHealth } from "./health-probe";
import { sentinelTiming } from "./sentinel-state";
import { sentinelTable } from "./sentinel-table";
import { SentinelContext, watch, WatchedRegion } from "./watch";

const CALLS = { connectionTimeout: 1000, requestTimeout: 2000, maxAttempts: 3 };

/** Callback factory of a region's sentinel. */
export function sentinel(): (event: unknown, context: Context) => Promise<void> {
  waitForDistantConnections();
  const region = environmentVariable("AWS_REGION");
  const own = { name: environmentVariable("REGION_NAME"), code: region };
  const other = { name: environmentVariable("OTHER_REGION_NAME"), code: environmentVariable("OTHER_REGION") };
  const [ownUrl, otherUrl] = [environmentVariable("API_URL"), environmentVariable("OTHER_API_URL")];
  const domain = environmentVariable("DOMAIN_NAME");
  const database = documentDynamoDB(region, CALLS);
  const table = environmentVariable("TABLE_NAME");
  const shared: Omit<SentinelContext, "runner"> = {
    own,
    other,
    timing: sentinelTiming(Number(environmentVariable("TAKEOVER_AFTER_SECONDS"))),
    routing: routingTable(database, table, region),
    states: sentinelTable(database, table, region),
    prober: {
      roles: () => lookUpRoles(domain),
      probe: ({ code }: WatchedRegion) => probeHealth(code === region ? ownUrl : otherUrl, code),
    },
    clock: {
      now: () => Date.now(),
      sleep: pause,
    },
    reporter: { write: writeMetrics, functionName: environmentVariable("AWS_LAMBDA_FUNCTION_NAME") },
  };
  // Lambda can deliver an event twice with the same request id, so each invocation needs an id of its own.
  return (_event, { awsRequestId }) => watch({ ...shared, runner: `${awsRequestId} ${crypto.randomUUID()}` });
}
