import { callApi } from "../../cli/http-request";
import { type Change, DNS, healthOf, TAKEOVER } from "../observations";
import type { DrillRegion, DrillSystem } from "../systems/drill-system";

/** Reads a value. When it rejects or returns undefined, the last value stays. */
type ReadValue = () => Promise<string | undefined>;

/** An observed subject. */
interface Subject {
  readonly read: ReadValue;
  /** Pause between two reads, in milliseconds. */
  readonly everyMs: number;
}

/** Pause between two DNS queries, in milliseconds. */
const DNS_MS = 100;
/** Pause between two requests for the health or the takeover of a region, in milliseconds. */
const API_MS = 500;
/** Timeout of these requests, in milliseconds. */
const TIMEOUT_MS = 2000;

/** Reads values at intervals and records every change with its time. */
export class Observer {
  readonly changes: Change[] = [];
  private readonly last = new Map<string, string>();
  private readonly loops: Promise<void>[] = [];
  private stopped = false;

  /** @param subjects observed subjects by name. */
  constructor(
    private readonly subjects: Readonly<Record<string, Subject>>,
    private readonly onChange: (change: Change) => void,
  ) {}

  start(): void {
    for (const [name, subject] of Object.entries(this.subjects)) this.loops.push(this.watch(name, subject));
  }

  /** Alias of the region that DNS answers with; undefined before the first answer. */
  get dns(): string | undefined {
    return this.last.get(DNS);
  }

  /** Undefined when the stack has no takeover, or its region has not answered yet. */
  get takenOver(): boolean | undefined {
    const value = this.last.get(TAKEOVER);
    return value === undefined ? undefined : value === "yes";
  }

  valueOf(subject: string): string | undefined {
    return this.last.get(subject);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.loops);
  }

  private async watch(subject: string, { read, everyMs }: Subject): Promise<void> {
    while (!this.stopped) {
      const value = await read().catch(() => undefined);
      if (value !== undefined && value !== this.last.get(subject)) {
        this.last.set(subject, value);
        const change = { at: Date.now(), subject, value };
        this.changes.push(change);
        this.onChange(change);
      }
      await new Promise((next) => setTimeout(next, everyMs));
    }
  }
}

/** Subjects that a drill observes: DNS, the takeover of the secondary, and the health of both regions. */
export function observedSubjects(system: DrillSystem): Record<string, Subject> {
  const { primary, secondary, dnsAnswer } = system;
  return {
    [DNS]: { everyMs: DNS_MS, read: dnsAnswer },
    [TAKEOVER]: { everyMs: API_MS, read: readTakeover(secondary) },
    [healthOf(primary.name)]: { everyMs: API_MS, read: readHealth(primary) },
    [healthOf(secondary.name)]: { everyMs: API_MS, read: readHealth(secondary) },
  };
}

/** Whether the secondary reports a takeover; false when it does not respond. */
export async function hasTakenOver({ secondary }: Pick<DrillSystem, "secondary">): Promise<boolean> {
  return (await readTakeover(secondary)().catch(() => undefined)) === "yes";
}

function readTakeover({ api }: DrillRegion): ReadValue {
  return async () => {
    const { status, body } = await callApi({ method: "GET", url: `${api}/routing`, limitMs: TIMEOUT_MS });
    if (status !== 200) return undefined;
    return (body as { takeover?: boolean }).takeover ? "yes" : "no";
  };
}

function readHealth({ api }: DrillRegion): ReadValue {
  return async () => {
    try {
      const { status } = await callApi({ method: "GET", url: `${api}/health`, limitMs: TIMEOUT_MS });
      return status === 200 ? "healthy" : String(status);
    } catch (error) {
      return (error as Error).message;
    }
  };
}
