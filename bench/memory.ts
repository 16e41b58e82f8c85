import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Maximum memory of an idle `npm start` without its type checker, in MB. */
const MAXIMUM_MEGABYTES = 400;
/** Time after the start until the memory is measured: every function that runs by schedule has run, and the type checker has ended. */
const IDLE_SECONDS = 75;
const SAMPLE_MS = 1000;

/** Memory of one process, in MB. */
interface ProcessMemory {
  readonly kind: Kind;
  /** Memory that only this process uses. */
  readonly own: number;
  /** Pages that other processes may use too, such as those of the program `node` itself. */
  readonly shared: number;
}

type Kind = "local cloud" | "functions" | "type checker" | "Vite";

/**
 * Measures the memory of `npm start` while no one uses it, over all its processes. Pages of files, such as the program `node` itself, are
 * counted once.
 * @throws Error if it exceeds its bound, or the operating system is not Linux.
 */
export async function benchMemory(): Promise<void> {
  if (process.platform !== "linux")
    throw new Error("The benchmark memory reads /proc/PID/smaps_rollup, which only Linux has.");
  const child = spawn(process.execPath, [join("local", "start.js"), "--json", "--port", "0"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    await Promise.race([once(child.stdout, "data"), once(child, "exit").then(failedToStart)]);
    const until = performance.now() + IDLE_SECONDS * 1000;
    let checker = 0;
    while (performance.now() < until) {
      checker = Math.max(checker, megabytes(memoryOf(child.pid as number), "type checker"));
      await sleep(SAMPLE_MS);
    }
    report(memoryOf(child.pid as number), checker);
  } finally {
    child.kill("SIGTERM");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }
}

function failedToStart(): never {
  throw new Error("npm start has ended. Run it to see why.");
}

function report(processes: readonly ProcessMemory[], checker: number): void {
  const shared = Math.max(...processes.map((one) => one.shared));
  const counted = processes.filter(({ kind }) => kind === "local cloud" || kind === "functions");
  const total = Math.round(sumOf(counted) + shared);
  const environments = counted.filter(({ kind }) => kind === "functions").length;
  console.log(
    `npm start, idle for ${IDLE_SECONDS} s: ${total} MB (local cloud ${megabytes(counted, "local cloud")} MB, ` +
      `${environments} function environments ${megabytes(counted, "functions")} MB, shared files ${Math.round(shared)} MB); ` +
      `apart from that: type checker at most ${checker} MB, Vite ${megabytes(processes, "Vite")} MB`,
  );
  if (total > MAXIMUM_MEGABYTES)
    throw new Error(`An idle npm start uses ${total} MB of memory; the limit is ${MAXIMUM_MEGABYTES} MB.`);
}

function megabytes(processes: readonly ProcessMemory[], kind: Kind): number {
  return Math.round(sumOf(processes.filter((one) => one.kind === kind)));
}

function sumOf(processes: readonly ProcessMemory[]): number {
  return processes.reduce((sum, { own }) => sum + own, 0);
}

/** Memory of a process and its descendants. */
function memoryOf(root: number): ProcessMemory[] {
  const children = new Map<number, number[]>();
  for (const pid of readdirSync("/proc").map(Number).filter(Boolean)) {
    const parent = parentOf(pid);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const all: number[] = [root];
  for (const pid of all) all.push(...(children.get(pid) ?? []));
  return all.flatMap((pid) => {
    try {
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
      const field = (name: string): number =>
        Number(new RegExp(`^${name}: +(\\d+) kB`, "m").exec(rollup)?.[1]) / 1024;
      const own = field("Private_Clean") + field("Private_Dirty");
      return [{ kind: kindOf(pid, root), own, shared: field("Rss") - own }];
    } catch {
      // The process has ended.
      return [];
    }
  });
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name of the program, in parentheses, may contain spaces.
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    // The process has ended.
    return undefined;
  }
}

function kindOf(pid: number, root: number): Kind {
  if (pid === root) return "local cloud";
  const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
  if (command.includes("bootstrap.js")) return "functions";
  return command.includes("tsc.js") ? "type checker" : "Vite";
}
