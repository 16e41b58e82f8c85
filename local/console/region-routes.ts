import { REGION_STATES } from "../aws/region-state";
import type { LocalRegion, Regions } from "../aws/regions";
import { memberOf } from "./http/change-body";
import { type Route, RouteError } from "./http/route";

/** Returns the route of a region's state. */
export function regionRoutes(regions: Regions): Route[] {
  return [
    {
      path: "/regions/{name}",
      get: ({ path }) => stateOf(regionNamed(regions, path.name)),
      post: ({ path }, body) => {
        const region = regionNamed(regions, path.name);
        const state = REGION_STATES.find((candidate) => candidate === memberOf(body, "state"));
        if (!state)
          throw new RouteError(400, `The body must be {"state": …} with one of ${REGION_STATES.join(", ")}.`);
        regions.setState(region.name, state);
        return stateOf(region);
      },
    },
  ];
}

function stateOf({ name, code, state }: LocalRegion): object {
  return { name, code, state };
}

/** Returns a region by its alias. @throws RouteError 404 if there is none. */
export function regionNamed(regions: Regions, name: string): LocalRegion {
  const found = regions.all().find((region) => region.name === name);
  if (found) return found;
  const known = regions.all().map((region) => region.name);
  throw new RouteError(404, `There is no region ${name}. Regions: ${known.join(", ")}.`);
}
