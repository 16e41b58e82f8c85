import { terminal, wrappedFor } from "../command-line/terminal";

/** A benchmark: what it measures, in a few words, and how it is run. */
interface Bench {
  readonly about: string;
  readonly run: () => Promise<void>;
}

/**
 * The benchmarks; each prints its own figures beside a baseline of the same run, or beside a bound. Each is loaded when it is
 * run, and reconcile runs first, because it measures the memory of the whole process.
 */
const BENCHES: Readonly<Record<string, Bench>> = {
  reconcile: {
    about: "time and peak memory to reconcile two tables of a million items",
    run: async () => (await import("./reconcile")).benchReconcile(),
  },
  dynamodb: {
    about: "rate of conditional puts into the local DynamoDB, beside plain dynalite",
    run: async () => (await import("./dynamodb")).benchDynamoDB(),
  },
  replication: {
    about: "time until a new ticket is read in the other region, beside its own",
    run: async () => (await import("./replication")).benchReplication(),
  },
};

const NAMES = Object.keys(BENCHES);
const HELP = `Measures parts of the project, each beside a baseline of the same run or beside a bound.

  npm run bench -- [NAME ...]

${Object.entries(BENCHES)
  .map(([name, { about }]) => `  ${name.padEnd(11)}  ${about}`)
  .join("\n")}
  --help       this text

Without a name all of them run, one after the other. Exit code: 0 all ran within their bounds, 1 one did not, 2 a wrong argument.`;

/** @returns the exit code. @throws Error when a bench fails. */
async function main(args: readonly string[]): Promise<number> {
  const { print, fail } = terminal();
  if (args.includes("--help")) {
    print(wrappedFor(HELP));
    return 0;
  }
  const unknown = args.find((name) => !Object.hasOwn(BENCHES, name));
  if (unknown !== undefined) {
    const what = unknown.startsWith("-") ? "option" : "bench";
    fail(`There is no ${what} ${JSON.stringify(unknown)}; there are ${NAMES.join(", ")} and --help.`);
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
