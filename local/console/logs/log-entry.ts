import { isAccessLog, type LogRecord, parseRecord, readable, withoutSuffix } from "../../log-lines";

/** Severity of a line, in increasing order. */
export const LEVELS = ["DEBUG", "INFO", "WARN", "ERROR"] as const;

export type Level = (typeof LEVELS)[number];

/** Kept line of a log. */
export interface LogEntry {
  /** Sequence number in this run. */
  readonly number: number;
  /** Milliseconds since 1970: the timestamp of the line, or its arrival. */
  readonly at: number;
  /** Region alias; undefined for a part of the local cloud that is in no region. */
  readonly region: string | undefined;
  /** Name of the function without its random suffix, `access` for the access log of the API, or another part of the local cloud. */
  readonly source: string;
  readonly level: Level;
  /** Whether the line is a metric, or of a health check or heartbeat: there are many, and few readers need them. */
  readonly isRoutine: boolean;
  readonly line: string;
  /** Ids of requests, tickets and versions that the line mentions. */
  readonly ids: readonly string[];
  /** Ids of the request that the line is about, and the version that the request wrote. */
  readonly requestIds: readonly string[];
}

/** Longer lines are cut. CloudWatch accepts 1 MB. */
const MAXIMUM_CHARACTERS = 32 * 1024;

const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
const TICKET_ID = /\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b/g;
const VERSION = /\b\d{15}-\d{6}-[a-z]{2,}(?:-[a-z]+)+-\d+\b/g;

/** Parts of the lines of health checkers' requests, in the access log and in the log of the function. */
const HEALTH_CHECK = /"route(?:Key)?":"(?:GET|HEAD) \/(?:health|routing)"/;

/** Line as it is logged. */
interface LoggedLine {
  readonly number: number;
  /** Region alias and name, or the name of a service. */
  readonly source: string;
  readonly line: string;
  /** Ids of the request that the local Lambda was running; empty for other lines. */
  readonly requestIds: readonly string[];
}

/**
 * Returns the entry of a line.
 * @param regions aliases of the regions.
 * @param now milliseconds since 1970.
 */
export function logEntry(
  { number, source, line: whole, requestIds: given }: LoggedLine,
  regions: readonly string[],
  now: number,
): LogEntry {
  const record = parseRecord(whole) ?? {};
  const region = regions.find((name) => source.startsWith(`${name} `));
  const level = levelOf(source, record, whole);
  const own = ownIds(record);
  const requestIds = own.length > 0 ? own : given;
  return {
    number,
    at: timeOf(record) ?? now,
    region,
    source: withoutSuffix(region === undefined ? source : source.slice(region.length + 1)),
    level,
    isRoutine: isRoutine(record, whole, level),
    line: whole.length > MAXIMUM_CHARACTERS ? `${whole.slice(0, MAXIMUM_CHARACTERS)} … (cut)` : whole,
    ids: [...new Set([...requestIds, ...[UUID, TICKET_ID, VERSION].flatMap((id) => whole.match(id) ?? [])])],
    requestIds,
  };
}

function ownIds({ requestId, lambdaRequestId, version }: LogRecord): string[] {
  if (requestId === undefined) return [];
  return [requestId, lambdaRequestId, version].filter((id) => typeof id === "string");
}

function timeOf({ timestamp }: LogRecord): number | undefined {
  const time = typeof timestamp === "string" ? Date.parse(timestamp) : NaN;
  return Number.isNaN(time) ? undefined : time;
}

function levelOf(source: string, { level, status }: LogRecord, line: string): Level {
  if (isAccessLog(source)) return Number(status) >= 500 ? "ERROR" : Number(status) >= 400 ? "WARN" : "INFO";
  if (level === "FATAL" || /\bTask timed out after\b/.test(line)) return "ERROR";
  return LEVELS.find((known) => known === level) ?? "INFO";
}

function isRoutine({ _aws, message }: LogRecord, line: string, level: Level): boolean {
  if (_aws !== undefined || HEALTH_CHECK.test(line)) return true;
  // A batch with nothing but heartbeats has no ticket.
  return message === "replicated" && level === "INFO" && line.search(TICKET_ID) < 0;
}

/** Write in the line of a replicated batch. */
interface LoggedWrite {
  readonly item: string;
  readonly result: string;
}

/** Maximum number of a batch's writes in a text. */
const MAXIMUM_WRITES = 5;

/** Returns an entry's line in words. */
export function textOf({ source, line }: Pick<LogEntry, "source" | "line">): string {
  const record = parseRecord(line);
  if (!record) return line;
  const writes = Array.isArray(record.writes) ? (record.writes as readonly LoggedWrite[]) : [];
  const shown = writes.slice(0, MAXIMUM_WRITES).map(({ item, result }) => `${item} ${result}`);
  const more = writes.length > shown.length ? [`${writes.length - shown.length} more`] : [];
  // The level is a field of its own.
  return [readable(` ${source}`, { ...record, level: undefined }), ...shown, ...more].join(", ");
}
