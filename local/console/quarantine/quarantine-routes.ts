import type { Regions } from "../../aws/regions";
import { memberOf } from "../http/change-body";
import { type Route, RouteError } from "../http/route";
import { regionNamed } from "../region-routes";
import type { QuarantineReader } from "./quarantine-reader";
import type { Redrive, RedriveRequest } from "./redrive-command";

const MAXIMUM_REASON = 500;

/** Returns the routes of the quarantine. */
export function quarantineRoutes(
  regions: Regions,
  { reader, redrive }: { readonly reader: QuarantineReader; readonly redrive: Redrive },
): Route[] {
  let running: string | undefined;
  return [
    {
      path: "/quarantine",
      get: async () => Promise.all(regions.all().map(({ name }) => reader.read(name))),
    },
    {
      path: "/quarantine/{region}",
      get: ({ path }) => reader.read(regionNamed(regions, path.region).name),
      post: async ({ path }, body) => {
        const request = requestIn(regionNamed(regions, path.region).name, body);
        if (running !== undefined)
          throw new RouteError(409, `A redrive of ${running} is still running. Try again when it has ended.`);
        running = request.region;
        try {
          return await redrive.run(request);
        } finally {
          running = undefined;
        }
      },
    },
    {
      path: "/quarantine/{region}/{id}",
      get: async ({ path }) => {
        const { name } = regionNamed(regions, path.region);
        const found = await reader.content(name, path.id);
        if (!found) throw new RouteError(404, `${name} has no record ${path.id} in quarantine any more.`);
        return found;
      },
    },
  ];
}

/** @throws RouteError 400 for a body that is not a request. */
function requestIn(region: string, body: unknown): RedriveRequest {
  const action = memberOf(body, "action");
  const reason = memberOf(body, "reason");
  const isPreview = action === "preview";
  if (action === "redrive" || (isPreview && reason === undefined))
    return { region, dryRun: isPreview, discard: undefined };
  if (action !== "discard" && !isPreview)
    throw new RouteError(
      400,
      'The body must be {"action": "redrive"} or {"action": "discard", "reason": …}. The action "preview" changes nothing, with and without a reason.',
    );
  const discard = typeof reason === "string" ? reason.trim() : "";
  if (discard === "" || discard.length > MAXIMUM_REASON)
    throw new RouteError(
      400,
      `A discard needs a reason of 1 to ${MAXIMUM_REASON} characters; it is recorded with the operator and the time.`,
    );
  return { region, dryRun: isPreview, discard };
}
