import assert from "node:assert/strict";
import type { EngineRun } from "../../local/pulumi/engine/engine-run";
import type { UpdateResult } from "../../local/pulumi/deployment";
import { DescribedDeployment, type Described } from "../local/support/described-deployment";
import { QUEUE, type MemoryQueues } from "../local/support/memory-queues";
import { DescribedStack } from "./support/described-stack";
import { describeWithEngine } from "./support/engine-cloud";

/** Sequences of programs by title. A name is the logical name of a queue. */
const SEQUENCES: Readonly<Record<string, readonly (readonly Described[])[]>> = {
  "creation, no change, changed inputs, removed inputs": [
    [
      { name: "a", inputs: { delaySeconds: 1, tags: { a: "b" } } },
      { name: "b", policyOf: "a" },
    ],
    [
      { name: "a", inputs: { delaySeconds: 1, tags: { a: "b" } } },
      { name: "b", policyOf: "a" },
    ],
    [
      { name: "a", inputs: { delaySeconds: 2, tags: { a: "c" } } },
      { name: "b", policyOf: "a" },
    ],
    [{ name: "a" }, { name: "b" }],
  ],
  "addition and removal": [
    [{ name: "a" }],
    [{ name: "a" }, { name: "b", policyOf: "a" }, { name: "c", dependsOn: "b" }],
    [{ name: "a" }],
    [],
    [{ name: "a" }],
  ],
  "replacement under a new name": [
    [{ name: "a" }, { name: "b", policyOf: "a" }, { name: "c", redriveOf: "a" }],
    [
      { name: "a", inputs: { fifoQueue: true } },
      { name: "b", policyOf: "a" },
      { name: "c", redriveOf: "a" },
    ],
    [
      { name: "a", inputs: { fifoQueue: true } },
      { name: "b", policyOf: "a" },
      { name: "c", redriveOf: "a" },
    ],
  ],
  "replacement under the same name, with dependents": [
    [
      { name: "a", inputs: { name: "explicit" } },
      { name: "b", redriveOf: "a" },
      { name: "c", policyOf: "a" },
    ],
    [
      { name: "a", inputs: { name: "explicit", fifoQueue: true } },
      { name: "b", redriveOf: "a" },
      { name: "c", policyOf: "a" },
    ],
  ],
  "names given and left out": [
    [{ name: "a" }],
    [{ name: "a", inputs: { name: "one" } }],
    [{ name: "a", inputs: { name: "two" } }],
    [{ name: "a" }],
    [{ name: "a", inputs: { delaySeconds: 3 } }],
  ],
  "another region": [
    [{ name: "a" }, { name: "b", policyOf: "a" }],
    [
      { name: "a", region: "ap-southeast-1" },
      { name: "b", policyOf: "a" },
    ],
  ],
  "another parent, with and without an alias": [
    [{ name: "a" }],
    [
      {
        name: "a",
        component: "tickets:test:Group",
        options: { aliases: [{ name: "parent-a", noParent: true }] },
      },
    ],
    [{ name: "a", component: "tickets:test:Other" }],
  ],
  "resource options": [
    [{ name: "a" }, { name: "b", inputs: { name: "one" } }, { name: "c", options: { retainOnDelete: true } }],
    [
      { name: "a", inputs: { fifoQueue: true }, options: { deleteBeforeReplace: true } },
      { name: "b", inputs: { name: "two" }, options: { deleteBeforeReplace: false } },
    ],
  ],
};

/** Programs that run all sequences side by side: the first program of each, then the second of each, and so on. */
const PROGRAMS = Array.from(
  { length: Math.max(...Object.values(SEQUENCES).map((programs) => programs.length)) },
  (_, step) =>
    Object.values(SEQUENCES).flatMap((programs, index) =>
      programs[Math.min(step, programs.length - 1)].map((queue) => prefixed(queue, prefixOf(index))),
    ),
);

function prefixOf(index: number): string {
  return `sequence-${"abcdefghij"[index]}`;
}

/** Adds a prefix to every name of a queue. */
function prefixed(queue: Described, prefix: string): Described {
  const { name, inputs, policyOf, redriveOf, dependsOn, options, ...others } = queue as DescribedQueue;
  const named = (one: string | undefined): string | undefined => one && `${prefix}-${one}`;
  return {
    ...others,
    name: `${prefix}-${name}`,
    inputs: inputs?.name === undefined ? inputs : { ...inputs, name: named(inputs.name) },
    policyOf: named(policyOf),
    redriveOf: named(redriveOf),
    dependsOn: named(dependsOn),
    options: options?.aliases ? { aliases: [{ name: `${prefix}-a`, noParent: true }] } : options,
  };
}

interface DescribedQueue {
  readonly name: string;
  readonly inputs?: { readonly name?: string };
  readonly policyOf?: string;
  readonly redriveOf?: string;
  readonly dependsOn?: string;
  readonly options?: { readonly aliases?: unknown };
}

/** What a run did with the queues of a sequence, as `operation name changed-inputs`. Sorted, as queues without dependencies have no order. */
type Summary = readonly string[];

/** Results by title of the sequence. */
type Outcome = Readonly<
  Record<
    string,
    {
      readonly runs: readonly Summary[];
      /** Inputs of the queues that exist in the end, with generated suffixes replaced. */
      readonly queues: readonly string[];
    }
  >
>;

describeWithEngine("the SDK's mocks and the engine", () => {
  let withoutEngine: Outcome;
  let withEngine: Outcome;

  before(async () => {
    withoutEngine = await runWithMocks();
    withEngine = await runWithEngine();
  });

  for (const title of Object.keys(SEQUENCES))
    it(`have the same result: ${title}`, () => {
      assert.deepEqual(withEngine[title], withoutEngine[title]);
      assert.ok(withEngine[title].runs[0].length > 0);
    });
});

async function runWithMocks(): Promise<Outcome> {
  const deployment = new DescribedDeployment();
  try {
    const runs: string[][] = [];
    for (const program of PROGRAMS) runs.push(ofMocks(await deployment.update(program)));
    return outcome(runs, deployment.queues);
  } finally {
    deployment.restoreProgram();
  }
}

async function runWithEngine(): Promise<Outcome> {
  const stack = await DescribedStack.open();
  try {
    const runs: string[][] = [];
    for (const program of PROGRAMS) runs.push(ofEngine(await stack.up(program)));
    return outcome(runs, stack.queues);
  } finally {
    await stack.close();
  }
}

/** The engine names no input when the provider's region replaces a resource, and calls a resource that is kept deleted. */
function ofMocks({ steps }: UpdateResult): string[] {
  return steps.map(({ operation, name, changed }) =>
    [operation.replace("discard", "delete"), name, ...changed.filter((input) => input !== "region")].join(
      " ",
    ),
  );
}

/** Leaves out providers and components, and the summary of the two operations of a replacement. */
function ofEngine({ operations }: EngineRun): string[] {
  return operations
    .filter(({ operation, resource }) => operation !== "replace" && resource.startsWith(`${QUEUE} `))
    .map(({ operation, resource, changed }) =>
      [operation, resource.slice(QUEUE.length + 1), ...changed].join(" "),
    );
}

function outcome(runs: readonly (readonly string[])[], { existing }: MemoryQueues): Outcome {
  const queues = [...existing].map(([id, inputs]) =>
    JSON.stringify([id, Object.fromEntries(Object.entries(inputs).sort())]).replace(/-[0-9a-f]{7}\b/g, "-#"),
  );
  const results = Object.keys(SEQUENCES).map((title, index) => {
    const isOwn = (text: string): boolean => text.includes(`${prefixOf(index)}-`);
    const ownRuns = runs.map((run) => run.filter(isOwn).sort());
    return [title, { runs: ownRuns, queues: queues.filter(isOwn).sort() }];
  });
  return Object.fromEntries(results) as Outcome;
}
