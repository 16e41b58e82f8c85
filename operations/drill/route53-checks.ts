import type { LocalState } from "../cli/local-cloud";
import type { Change } from "./observations";

/** Verdicts on a region's endpoint. */
export const endpointCheckOf = (region: string): string => `Route 53 check of ${region}`;
/** Verdicts on whether a region has taken over. */
export const takeoverCheckOf = (region: string): string => `Route 53 check of ${region}'s takeover`;

const EVENT = /^Health check (\S+): (.+?) \((.*)\)$/;
const WORDS: Readonly<Record<string, string>> = {
  healthy: "healthy",
  "taken over": "taken over",
  "not taken over": "not taken over",
};

/** The verdicts that the local cloud has recorded, with its own times. @param regions their aliases. */
export function checkChanges(
  events: LocalState["events"],
  regions: readonly string[],
  since: number,
): readonly Change[] {
  return events.flatMap(({ at, text }): Change[] => {
    const [, name = "", means = "", result = ""] = EVENT.exec(text) ?? [];
    const region = regions.find((alias) => name.endsWith(alias) || name.endsWith(`${alias}-takeover`));
    const isVerdict = means in WORDS || means === "unhealthy" || means.startsWith("not known");
    if (region === undefined || !isVerdict || at < since) return [];
    const subject = name.endsWith("-takeover") ? takeoverCheckOf(region) : endpointCheckOf(region);
    return [{ at, subject, value: WORDS[means] ?? `${means}: ${result}` }];
  });
}

/** Collects recorded verdicts: the local cloud keeps its last hundred events only. */
export class CheckRecord {
  private readonly known = new Map<string, Change>();

  /** @param read gives the recorded verdicts; undefined where they are not recorded. */
  constructor(private readonly read: (() => Promise<readonly Change[]>) | undefined) {}

  get changes(): readonly Change[] {
    return [...this.known.values()].sort((left, right) => left.at - right.at);
  }

  /** A record that cannot be read now is read the next time. */
  async collect(): Promise<void> {
    for (const change of (await this.read?.().catch(() => [])) ?? [])
      this.known.set(`${change.at} ${change.subject}`, change);
  }
}
