import { benchDynamoDB } from "./dynamodb";
import { run as benchReconcile } from "./reconcile";
import { benchReplication } from "./replication";

/** A benchmark: prints its own figures, always beside a baseline of the same run. */
const BENCHES: Readonly<Record<string, () => Promise<void>>> = {
  // First, because it measures the memory of the whole process.
  reconcile: benchReconcile,
  dynamodb: benchDynamoDB,
  replication: benchReplication,
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
