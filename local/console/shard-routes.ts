import type { LocalEventSourceMappings } from "../aws/event-source-mapping/event-source-mappings";
import type { LocalRegion, Regions } from "../aws/regions";
import { memberOf } from "./http/change-body";
import { type Route, RouteError } from "./http/route";
import { regionNamed } from "./region-routes";

/** Mappings whose shards a test blocks. */
export type BlockableShards = Pick<LocalEventSourceMappings, "blockShard" | "isBlocked">;

/** Returns the route of one shard of a region's streams, which can be blocked, so that its records are not replicated. */
export function shardRoutes(regions: Regions, mappings: BlockableShards): Route[] {
  const stateOf = ({ name, code }: LocalRegion, shard: number): object => ({
    ...{ name, shard, blocked: mappings.isBlocked(code, shard) },
  });
  return [
    {
      path: "/regions/{name}/shards/{shard}",
      get: ({ path }) => stateOf(regionNamed(regions, path.name), indexIn(path.shard)),
      post: ({ path }, body) => {
        const region = regionNamed(regions, path.name);
        const blocked = memberOf(body, "blocked");
        if (typeof blocked !== "boolean")
          throw new RouteError(400, 'The body must be {"blocked": true} or {"blocked": false}.');
        mappings.blockShard(region.code, indexIn(path.shard), blocked);
        return stateOf(region, indexIn(path.shard));
      },
    },
  ];
}

/** @throws RouteError 404 if the text is not an index. */
function indexIn(text: string): number {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  throw new RouteError(
    404,
    `There is no shard ${text}. A shard has the number of its place in the stream, from 0.`,
  );
}
