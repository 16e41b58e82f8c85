import { terminal, wrappedFor } from "../command-line/terminal";

/**
 * The benchmarks; each prints its own figures beside a baseline of the same run, or beside a bound. Each is loaded when it is
 * run, and reconcile runs first, because it measures the memory of the whole process.
 */
const BENCHES: Readonly<Record<string, () => Promise<void>>> = {
  reconcile: async () => (await import("./reconcile")).benchReconcile(),
  dynamodb: async () => (await import("./dynamodb")).benchDynamoDB(),
  replication: async () => (await import("./replication")).benchReplication(),
};

const NAMES = Object.keys(BENCHES);
const HELP = `Measures parts of the project, each beside a baseline of the same run or beside a bound.

  npm run bench -- [NAME ...]

  ${NAMES.join("\n  ")}
  --help  this text

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
  for (const name of args.length > 0 ? args : NAMES) await BENCHES[name]();
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    terminal().fail(error.message);
    process.exitCode = 1;
  },
);
