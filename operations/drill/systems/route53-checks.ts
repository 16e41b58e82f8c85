import type { LocalState } from "../../cli/local-cloud";
import { type Change, endpointCheckOf, takeoverCheckOf } from "../observations";

const EVENT = /^Health check (\S+): (.+?) \((.*)\)$/;
/** States that need no reason. */
const STATES = new Set(["healthy", "taken over", "not taken over"]);

/**
 * Changes of Route 53's health checks that the local cloud recorded, at the recorded times.
 * @param regions region aliases.
 */
export function checkChanges(
  events: LocalState["events"],
  regions: readonly string[],
  since: number,
): readonly Change[] {
  return events.flatMap(({ at, text }): Change[] => {
    const [, name = "", means = "", result = ""] = EVENT.exec(text) ?? [];
    const region = regions.find((alias) => name.endsWith(alias) || name.endsWith(`${alias}-takeover`));
    const isState = STATES.has(means) || means === "unhealthy" || means.startsWith("not known");
    if (region === undefined || !isState || at < since) return [];
    const subject = name.endsWith("-takeover") ? takeoverCheckOf(region) : endpointCheckOf(region);
    return [{ at, subject, value: STATES.has(means) ? means : `${means}: ${result}` }];
  });
}

/** Collects recorded changes of health checks. The local cloud keeps only its last 100 events. */
export class CheckRecord {
  private readonly known = new Map<string, Change>();

  /** @param read returns the recorded changes; undefined where none are recorded. */
  constructor(private readonly read: (() => Promise<readonly Change[]>) | undefined) {}

  get changes(): readonly Change[] {
    return [...this.known.values()].sort((left, right) => left.at - right.at);
  }

  /** Reads the recorded changes. After a failed read, the next call collects them. */
  async collect(): Promise<void> {
    for (const change of (await this.read?.().catch(() => [])) ?? [])
      this.known.set(`${change.at} ${change.subject}`, change);
  }
}
