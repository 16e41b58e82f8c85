import assert from "node:assert/strict";
import type { ExistingResource } from "../../../local/aws/resource";
import { resourceNameOf, type ResourceName } from "../../../local/pulumi/engine/engine-run";
import type { EngineAttempt, EngineState } from "../../../local/pulumi/engine/engine-stack";
import { waitFor } from "../../support/wait-for";
import { keyOf } from "./cloud-ledger";
import { comparableState, type StateResource } from "./comparable-state";
import type { EngineCloud, StackUnderTest } from "./engine-cloud";
import { createdByProvider } from "./independent-sample";

/** Runs the engine while every change of the resources fails. */
export async function failing(
  cloud: EngineCloud,
  resources: readonly StateResource[],
  run: () => Promise<EngineAttempt>,
): Promise<EngineAttempt> {
  const names = new Set(namesOf(resources));
  cloud.before = ({ type, name, kind }) => {
    if (names.has(`${type} ${name}`)) throw new Error(`${kind} of ${name}: the test lets it fail`);
  };
  try {
    return await run();
  } finally {
    cloud.before = () => undefined;
  }
}

/** When to kill the engine, and options of its run. */
interface KilledRun {
  /** Resource whose creation is in flight when the engine ends, with others that begin after it. */
  readonly during: ResourceName;
  readonly parallel: number;
  readonly config: Readonly<Record<string, undefined>>;
}

/** Runs `up` and kills the engine while it creates a resource. The provider completes what it has begun, as AWS does. */
export async function killWhileCreating(
  cloud: EngineCloud,
  stack: StackUnderTest,
  { during, ...options }: KilledRun,
): Promise<void> {
  const { ended } = cloud.ledger;
  const held: (() => void)[] = [];
  let calls = 0;
  let isKilled = false;
  cloud.before = ({ type, name }) => {
    calls += 1;
    const isHeld = !isKilled && (held.length > 0 || `${type} ${name}` === during);
    return isHeld ? new Promise<void>((resolve) => held.push(resolve)) : undefined;
  };
  try {
    const run = stack.tryUp(options);
    await waitFor(() => held.length > 0, { what: `the creation of ${during}`, withinMs: 120_000 });
    stack.kill();
    assert.ok((await run).error, "The engine ended before it was killed.");
    // Calls that the engine sent before its end can arrive later, and count too.
    isKilled = true;
    held.forEach((proceed) => proceed());
    await waitFor(() => cloud.ledger.ended - ended === calls, { what: "the end of the calls in flight" });
  } finally {
    isKilled = true;
    held.forEach((proceed) => proceed());
    cloud.before = () => undefined;
  }
}

/** Returns the resources that exist and that a state does not contain. */
export async function outsideTheState(cloud: EngineCloud, state: EngineState): Promise<ExistingResource[]> {
  const known = new Set(keysOf(state));
  return (await cloud.ledger.existing()).filter((resource) => !known.has(keyOf(resource)));
}

/** Asserts that a stack has the resources and inputs of another state, that nothing else exists, and that an `up` changes nothing. */
export async function assertEnd(
  cloud: EngineCloud,
  stack: StackUnderTest,
  expected: EngineState,
): Promise<void> {
  const state = await stack.state();
  assert.deepEqual(comparableState(state), comparableState(expected));
  assert.deepEqual(state.pending_operations ?? [], []);
  const existing = (await cloud.ledger.existing()).map(keyOf);
  assert.deepEqual(existing.sort(), keysOf(state).sort());
  const preview = await stack.preview();
  assert.deepEqual([...new Set(preview.operations.map(({ operation }) => operation))], ["same"]);
}

/** Returns the names of resources, sorted. */
export function namesOf(resources: readonly StateResource[]): ResourceName[] {
  return resources.map(({ urn }) => resourceNameOf(urn)).sort();
}

function keysOf(state: EngineState): string[] {
  return createdByProvider(state).map(({ urn, id = "" }) => `${resourceNameOf(urn)} ${id}`);
}
