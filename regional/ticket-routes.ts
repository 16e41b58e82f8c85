import { Region } from "../config";
import { canaryId, routingId } from "../functions/shared/reserved-items";
import { checkHealth } from "../functions/health/health";
import { describeApi } from "../functions/openapi/describe-api";
import { describeRouting } from "../functions/routing/routing";
import { listConflicts } from "../functions/tickets/list-conflicts";
import { createTicket } from "../functions/tickets/create";
import { deleteTicket } from "../functions/tickets/delete";
import { getTicket } from "../functions/tickets/get";
import { listTickets } from "../functions/tickets/list";
import { listRecentConflicts } from "../functions/tickets/list-recent-conflicts";
import { updateTicket } from "../functions/tickets/update";
import { unknownRoute } from "../functions/http/unknown-route";
import { Route } from "./api-route";
import { ConflictTable } from "./conflict-table";
import { denyReservedKeys, onlyKeys, PolicyStatement } from "./policy";
import { TicketTable } from "./ticket-table";

/** Route of the endpoint health checks. */
export const HEALTH_ROUTE = "GET /health";
/** Route of the takeover health checks. */
export const ROUTING_ROUTE = "GET /routing";

/** The only route that writes items for ids that do not exist. */
export const DELETE_ROUTE = "DELETE /tickets/{id}";

/**
 * Returns the routes of a region's API by function name. No function may scan a table or delete an item.
 * @param useTableKey permission that every function needs that uses one of the tables.
 * @param domainName domain under which the role of the region is published; undefined without a domain.
 */
export function ticketRoutes(
  region: Region,
  { table, listIndexes, listIndexArns }: TicketTable,
  { table: conflictTable, recencyIndexArn }: ConflictTable,
  useTableKey: readonly PolicyStatement[],
  domainName: string | undefined,
): Record<string, Route> {
  const environment = { TABLE_NAME: table.name };
  const may = (...actions: string[]): PolicyStatement => ({ actions, resources: [table.arn] });
  const ticketsOnly = denyReservedKeys([table.arn]);
  const mayUseCanary: PolicyStatement = {
    ...may("dynamodb:GetItem", "dynamodb:PutItem"),
    condition: onlyKeys(canaryId(region.code)),
  };

  const routes: Record<string, Route> = {
    list: {
      key: "GET /tickets",
      callbackFactory: listTickets,
      statements: [
        { actions: ["dynamodb:Query"], resources: listIndexArns },
        // The sharded indexes contain keys only.
        may("dynamodb:BatchGetItem"),
        ticketsOnly,
      ],
      environment: listIndexes === "adding" ? { ...environment, LIST_INDEXES: listIndexes } : environment,
    },
    create: {
      key: "POST /tickets",
      callbackFactory: createTicket,
      statements: [may("dynamodb:GetItem", "dynamodb:PutItem"), ticketsOnly],
      environment,
      packages: ["ulid"],
    },
    get: {
      key: "GET /tickets/{id}",
      callbackFactory: getTicket,
      statements: [may("dynamodb:GetItem"), ticketsOnly],
      environment,
    },
    update: {
      key: "PATCH /tickets/{id}",
      callbackFactory: updateTicket,
      statements: [
        may("dynamodb:GetItem", "dynamodb:UpdateItem"),
        // An edit can settle a conflict, which must be one of the ticket.
        { actions: ["dynamodb:GetItem"], resources: [conflictTable.arn] },
        denyReservedKeys([table.arn, conflictTable.arn]),
      ],
      environment: { ...environment, CONFLICT_TABLE_NAME: conflictTable.name },
    },
    delete: {
      key: DELETE_ROUTE,
      callbackFactory: deleteTicket,
      statements: [may("dynamodb:GetItem", "dynamodb:PutItem"), ticketsOnly],
      environment,
    },
    conflicts: {
      key: "GET /tickets/{id}/conflicts",
      callbackFactory: listConflicts,
      statements: [
        { actions: ["dynamodb:Query"], resources: [conflictTable.arn] },
        denyReservedKeys([conflictTable.arn]),
      ],
      environment: { CONFLICT_TABLE_NAME: conflictTable.name },
    },
    recentConflicts: {
      key: "GET /conflicts",
      callbackFactory: listRecentConflicts,
      statements: [{ actions: ["dynamodb:Query"], resources: [recencyIndexArn] }],
      environment: { CONFLICT_TABLE_NAME: conflictTable.name },
    },
    health: {
      key: HEALTH_ROUTE,
      callbackFactory: checkHealth,
      statements: [mayUseCanary],
      environment,
    },
    openapi: { key: "GET /openapi.json", callbackFactory: describeApi, statements: [] },
    routing: {
      key: ROUTING_ROUTE,
      callbackFactory: describeRouting,
      statements: [{ ...may("dynamodb:GetItem"), condition: onlyKeys(routingId(region.code)) }],
      environment: { ...environment, ...(domainName !== undefined && { DOMAIN_NAME: domainName }) },
    },
    unknown: {
      key: "$default",
      // `$default` also matches preflight requests. They carry no token, so a JWT authorizer would reject them. AWS: "add an
      // OPTIONS /{proxy+} route to your API that doesn't require authorization and attach an integration",
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
      alsoKeys: { options: "OPTIONS /{proxy+}" },
      callbackFactory: unknownRoute,
      statements: [],
    },
  };
  return withHeadRoutes(withTableKey(routes, useTableKey));
}

/** Adds the permission to use the key of the tables to every route that uses a table. */
function withTableKey(
  routes: Record<string, Route>,
  useTableKey: readonly PolicyStatement[],
): Record<string, Route> {
  return Object.fromEntries(
    Object.entries(routes).map(([name, route]) => [
      name,
      route.statements.length > 0 ? { ...route, statements: [...route.statements, ...useTableKey] } : route,
    ]),
  );
}

/**
 * Adds a HEAD route to every GET route. An HTTP API matches the exact method or ANY:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
function withHeadRoutes(routes: Record<string, Route>): Record<string, Route> {
  return Object.fromEntries(
    Object.entries(routes).map(([name, route]) => [
      name,
      route.key.startsWith("GET ")
        ? { ...route, alsoKeys: { ...route.alsoKeys, head: headOf(route.key) } }
        : route,
    ]),
  );
}

/** Returns the HEAD route key for a GET route key: `HEAD /tickets` for `GET /tickets`. */
export function headOf(getKey: string): string {
  return getKey.replace(/^GET /, "HEAD ");
}
