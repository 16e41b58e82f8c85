import { flagIn, type Route, RouteError, wholeNumberIn } from "../http/route";
import { LEVELS, type LogEntry, textOf } from "./log-entry";
import type { LogFilter, LogSource, LogStore } from "./log-store";

/** Entry of a log as `GET /logs` returns it. */
interface ShownEntry extends Pick<LogEntry, "number" | "at" | "region" | "source" | "level" | "line"> {
  /** The line in words. */
  readonly text: string;
  readonly requestId: string | undefined;
}

/** Response of `GET /logs`. */
export interface ShownLogs {
  /** Start of the local cloud, in milliseconds since 1970. Numbers of another run cannot be compared. */
  readonly run: number;
  /** Number after which a next request continues. */
  readonly newest: number;
  /** Oldest first. */
  readonly entries: readonly ShownEntry[];
  readonly sources: readonly LogSource[];
}

const MAXIMUM_ENTRIES = 500;
const MAXIMUM_TEXT = 200;
/** Id of API Gateway or Lambda, id of a ticket, or version. */
const ID = /^[\w=+/.-]{8,100}$/;

/** Returns the route of the logs. @param run start of the local cloud, in milliseconds since 1970. */
export function logRoutes(store: LogStore, run: number): Route[] {
  return [
    {
      path: "/logs",
      parameters: ["region", "source", "level", "text", "follow", "routine", "after", "limit"],
      get: ({ query }): ShownLogs => {
        const after = wholeNumberIn(query, "after", {
          minimum: 0,
          maximum: Number.MAX_SAFE_INTEGER,
          otherwise: 0,
        });
        const limit = wholeNumberIn(query, "limit", { minimum: 1, maximum: MAXIMUM_ENTRIES, otherwise: 200 });
        const entries = store.find(filterIn(query), after, limit).map(shown);
        return { run, newest: store.newest, entries, sources: store.sources() };
      },
    },
  ];
}

/** @throws RouteError 400 for an invalid criterion. */
function filterIn(query: URLSearchParams): LogFilter {
  const level = LEVELS.find((known) => known === query.get("level"));
  if (query.get("level") && !level) throw new RouteError(400, `level must be one of ${LEVELS.join(", ")}.`);
  const text = query.get("text") || undefined;
  if (text !== undefined && text.length > MAXIMUM_TEXT)
    throw new RouteError(400, `text must have at most ${MAXIMUM_TEXT} characters.`);
  const follow = query.get("follow")?.trim() || undefined;
  if (follow !== undefined && !ID.test(follow))
    throw new RouteError(
      400,
      "follow must be the id of a request, the id of a ticket, or a version. Search for other text with text=….",
    );
  return {
    region: query.get("region") || undefined,
    source: query.get("source") || undefined,
    level,
    text,
    follow,
    routine: flagIn(query, "routine"),
  };
}

function shown(entry: LogEntry): ShownEntry {
  const { number, at, region, source, level, line, requestIds } = entry;
  return { number, at, region, source, level, text: textOf(entry), line, requestId: requestIds[0] };
}
