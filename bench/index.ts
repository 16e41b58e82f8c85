import { terminal, wrappedFor } from "../command-line/terminal";

/** Benchmark with a short description. */
interface Bench {
  readonly about: string;
  readonly run: () => Promise<void>;
}

/**
 * Benchmarks by name. Each prints its figures compared with a baseline of the same run, or with a bound. Modules are loaded when they
 * run. Reconcile runs first, because it measures the memory of the whole process.
 */
const BENCHES: Readonly<Record<string, Bench>> = {
  reconcile: {
    about: "time and peak memory to reconcile two tables of a million items",
    run: async () => (await import("./reconcile")).benchReconcile(),
  },
  memory: {
    about: "memory of an idle npm start over all its processes, against 400 MB",
    run: async () => (await import("./memory")).benchMemory(),
  },
  dynamodb: {
    about: "rate of conditional puts into the local DynamoDB, compared with plain dynalite",
    run: async () => (await import("./dynamodb")).benchDynamoDB(),
  },
  replication: {
    about: "time until a new ticket can be read in the other region, compared with its own",
    run: async () => (await import("./replication")).benchReplication(),
  },
  engine: {
    about: "time of a preview and an up of each stack under the real Pulumi engine, and the program's share",
    run: async () => (await import("./engine")).benchEngine(),
  },
  watch: {
    about: "time until saved functions and web UI are live with --watch, and responses meanwhile",
    run: async () => (await import("./watch")).benchWatch(),
  },
};

const NAMES = Object.keys(BENCHES);
const HELP = `Measures parts of the project, each against a baseline of the same run or against a bound.

  npm run bench -- [NAME ...]

${Object.entries(BENCHES)
  .map(([name, { about }]) => `  ${name.padEnd(11)}  ${about}`)
  .join("\n")}
  --help       show this help

Without a name, all benchmarks run, one after another.
Exit code: 0 all met their bounds; 1 one did not; 2 invalid argument.`;

/** Runs benchmarks and returns the exit code. @throws Error if a benchmark fails. */
async function main(args: readonly string[]): Promise<number> {
  const { print, fail } = terminal();
  if (args.includes("--help")) {
    print(wrappedFor(HELP));
    return 0;
  }
  const unknown = args.find((name) => !Object.hasOwn(BENCHES, name));
  if (unknown !== undefined) {
    const what = unknown.startsWith("-") ? "option" : "benchmark";
    fail(`There is no ${what} ${JSON.stringify(unknown)}; use ${NAMES.join(", ")} or --help.`);
    return 2;
  }
  for (const name of args.length > 0 ? args : NAMES) await BENCHES[name].run();
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    terminal().fail(error.message);
    process.exitCode = 1;
  },
);
