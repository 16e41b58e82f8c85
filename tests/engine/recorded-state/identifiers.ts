import { isAssetOrArchive } from "./contents";

/** Shorter texts that differ are states and counters, not ids or addresses. */
const MINIMUM_LENGTH = 6;

/** Ids, ARNs and addresses of recorded resources, with those of the resources that stand for them now. */
export class Identifiers {
  private readonly current = new Map<string, string>();
  private pattern: RegExp | undefined;

  /**
   * Compares a recorded value with the current one and remembers every text that differs.
   * @param recorded id, or outputs of a resource.
   */
  learn(recorded: unknown, now: unknown): void {
    if (typeof recorded === "string" && typeof now === "string") return this.learnText(recorded, now);
    if (!isContainer(recorded) || !isContainer(now) || isAssetOrArchive(recorded)) return;
    for (const [key, one] of Object.entries(recorded)) this.learn(one, now[key]);
  }

  /** Returns a copy of a value with the current identifiers, also within texts such as policies. */
  translate<T>(value: T): T {
    if (typeof value === "string") return this.translateText(value) as T;
    if (Array.isArray(value)) return value.map((one: unknown) => this.translate(one)) as T;
    if (!isContainer(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.translate(one)])) as T;
  }

  private learnText(recorded: string, now: string): void {
    if (recorded.length < MINIMUM_LENGTH || this.translateText(recorded) === now) return;
    this.current.set(recorded, now);
    this.pattern = undefined;
  }

  private translateText(text: string): string {
    if (this.current.size === 0) return text;
    this.pattern ??= patternOf([...this.current.keys()]);
    return text.replace(this.pattern, (found) => this.current.get(found) ?? found);
  }
}

/** Returns a pattern of whole words that prefers the longest text: an ARN that contains an id is an identifier of its own. */
function patternOf(texts: readonly string[]): RegExp {
  const alternatives = [...texts]
    .sort((one, other) => other.length - one.length)
    .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`(?<![A-Za-z0-9])(?:${alternatives.join("|")})(?![A-Za-z0-9])`, "g");
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
