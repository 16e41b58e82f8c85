import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Region } from "../config";
import { ApiRoute } from "./api-route";
import { ConflictTable } from "./conflict-table";
import { PolicyStatement } from "./policy";
import { TicketTable } from "./ticket-table";
import { DELETE_ROUTE, HEALTH_ROUTE, headOf, ROUTING_ROUTE, ticketRoutes } from "./ticket-routes";

/** Arguments of a ticket API. */
export interface TicketApiArgs {
  readonly region: Region;
  readonly table: TicketTable;
  readonly conflicts: ConflictTable;
  /** Permission that every function needs that uses one of the tables. */
  readonly useTableKey: readonly PolicyStatement[];
  /** Domain under which the roles of the regions are published; absent without a domain. */
  readonly domainName?: string;
  readonly logRetentionDays: number;
}

/** Stage that API Gateway serves without a path prefix. */
const STAGE = "$default";
/** Rate (requests per second of all clients) and burst above which API Gateway returns 429. */
const THROTTLING = { throttlingRateLimit: 500, throttlingBurstLimit: 1000 };
/** Separate limit for the health check: client load must not make a region look unhealthy and cause a failover. */
const HEALTH_THROTTLING = { throttlingRateLimit: 50, throttlingBurstLimit: 100 };
/** Higher than for the health check: during a takeover, throttling this route is the only way to end it from outside. */
const ROUTING_THROTTLING = { throttlingRateLimit: 200, throttlingBurstLimit: 400 };
/**
 * Limit for deletes. A delete of an unknown id creates a tombstone in both regions for 30 days, so this rate bounds the cost
 * of a flood. Operators, drills and imports delete far less.
 */
const DELETE_THROTTLING = { throttlingRateLimit: 25, throttlingBurstLimit: 100 };

/** Ticket API of one region: an HTTP API with one function per operation. */
export class TicketApi extends pulumi.ComponentResource {
  readonly api: aws.apigatewayv2.Api;
  readonly stage: aws.apigatewayv2.Stage;
  /** URL of the API without the custom domain and without a trailing slash. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: TicketApiArgs, opts: pulumi.ComponentResourceOptions) {
    super("tickets:regional:TicketApi", name, {}, opts);

    this.api = this.createApi(name);
    const routes = this.createRoutes(name, args);
    this.stage = this.createStage(name, args.logRetentionDays, routes);
    this.url = this.api.apiEndpoint;

    this.registerOutputs({ api: this.api, stage: this.stage, url: this.url });
  }

  private createApi(name: string): aws.apigatewayv2.Api {
    return new aws.apigatewayv2.Api(
      name,
      {
        protocolType: "HTTP",
        ipAddressType: "dualstack",
        // The web UI of either region calls the APIs of both, without cookies.
        corsConfiguration: {
          allowOrigins: ["*"],
          allowMethods: ["GET", "HEAD", "POST", "PATCH", "DELETE"],
          allowHeaders: ["authorization", "content-type", "idempotency-key", "if-match", "if-none-match"],
          exposeHeaders: [
            "etag",
            "idempotency-replayed",
            "location",
            "retry-after",
            "x-request-id",
            "x-served-by",
          ],
          maxAge: 3600,
        },
      },
      { parent: this },
    );
  }

  private createRoutes(name: string, args: TicketApiArgs): ApiRoute[] {
    const { region, table, conflicts, useTableKey, domainName, logRetentionDays } = args;
    return Object.entries(ticketRoutes(region, table, conflicts, useTableKey, domainName)).map(
      ([route, definition]) =>
        new ApiRoute(
          `${name}-${route}`,
          { api: this.api, stage: STAGE, route: definition, logRetentionDays },
          { parent: this },
        ),
    );
  }

  private createStage(name: string, retentionInDays: number, routes: ApiRoute[]): aws.apigatewayv2.Stage {
    const accessLog = new aws.cloudwatch.LogGroup(
      `${name}-access`,
      {
        // API Gateway adds any other log group to a policy of the region, which is full some day: entries are never removed. See "Log
        // group resource policy size limit considerations", https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html
        name: pulumi.interpolate`/aws/vendedlogs/${name}-access-${this.api.id}`,
        retentionInDays,
      },
      // The name contains the id of the API, so the log groups of two APIs can exist at once. By default Pulumi deletes a resource
      // with an explicit name before it creates its replacement.
      { parent: this, deleteBeforeReplace: false },
    );
    return new aws.apigatewayv2.Stage(
      name,
      {
        apiId: this.api.id,
        name: STAGE,
        autoDeploy: true,
        accessLogSettings: { destinationArn: accessLog.arn, format: ACCESS_LOG_FORMAT },
        defaultRouteSettings: THROTTLING,
        routeSettings: [
          { routeKey: HEALTH_ROUTE, ...HEALTH_THROTTLING },
          { routeKey: headOf(HEALTH_ROUTE), ...HEALTH_THROTTLING },
          { routeKey: ROUTING_ROUTE, ...ROUTING_THROTTLING },
          { routeKey: headOf(ROUTING_ROUTE), ...ROUTING_THROTTLING },
          { routeKey: DELETE_ROUTE, ...DELETE_THROTTLING },
        ],
      },
      // Serves nothing before every route exists, so that no health check fails.
      { parent: this, dependsOn: routes },
    );
  }
}

/** Contains the request, but no client data such as IP address or user agent. Variables: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html */
const ACCESS_LOG_FORMAT = JSON.stringify({
  requestId: "$context.requestId",
  requestTime: "$context.requestTime",
  domainName: "$context.domainName",
  method: "$context.httpMethod",
  routeKey: "$context.routeKey",
  status: "$context.status",
  responseLength: "$context.responseLength",
  responseLatency: "$context.responseLatency",
  integrationLatency: "$context.integrationLatency",
  // A type, such as INTEGRATION_FAILURE. Messages can contain quotation marks, which would break the JSON. The quoted form
  // `$context.error.messageString` has no documented value without an error, and an unquoted `-` would break every other line.
  error: "$context.error.responseType",
});
