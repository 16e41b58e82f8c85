/**
 * The benchmarks; each prints its own figures beside a baseline of the same run, or beside a bound. Each is loaded when it is
 * run, and reconcile runs first, because it measures the memory of the whole process.
 */
const BENCHES: Readonly<Record<string, () => Promise<void>>> = {
  reconcile: async () => (await import("./reconcile")).benchReconcile(),
  dynamodb: async () => (await import("./dynamodb")).benchDynamoDB(),
  replication: async () => (await import("./replication")).benchReplication(),
};

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => !Object.hasOwn(BENCHES, name));
  if (unknown !== undefined)
    throw new Error(
      `There is no bench ${JSON.stringify(unknown)}; there are ${Object.keys(BENCHES).join(", ")}.`,
    );
  for (const name of names.length > 0 ? names : Object.keys(BENCHES)) await BENCHES[name]();
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
