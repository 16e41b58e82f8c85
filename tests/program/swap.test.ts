import assert from "node:assert/strict";
import { drainProgram, Program, ProgramResource } from "../support/mocked-program";
import { allVariants } from "../support/program-variants";

const CHANGED_BY_A_SWAP = [
  "routing-api-primary-a: aliases healthCheckId",
  "routing-api-primary-aaaa: aliases healthCheckId",
  "routing-api-secondary-a: aliases healthCheckId",
  "routing-api-secondary-aaaa: aliases healthCheckId",
  "routing-roles-primary: records",
  "routing-roles-serving-primary: healthCheckId records",
  "routing-roles-serving-secondary: healthCheckId records",
];

describe("Swapping the primary", function () {
  this.timeout(120_000);

  it("changes only the failover records and the role name, each in place", async () => {
    const config = { "tickets:domainName": "tickets.test", "tickets:auditTrail": "true" };
    const before = await drainProgram({
      stack: "ireland",
      config: { ...config, "tickets:primary": "ireland" },
    });
    const after = await drainProgram({
      stack: "ireland",
      config: { ...config, "tickets:primary": "singapore" },
    });
    const changed = await differences(before, after);
    assert.deepEqual(changed.sort(), CHANGED_BY_A_SWAP);
  });

  it("changes nothing without a domain", async () => {
    const before = await drainProgram({ stack: "ireland" });
    const after = await drainProgram({ stack: "ireland", config: { "tickets:primary": "singapore" } });
    assert.deepEqual(await differences(before, after), []);
  });

  it("and the tag with the stack's name are the only differences between the two stacks", async () => {
    const variants = await allVariants();
    const half = variants.length / 2;
    for (const [index, ireland] of variants.slice(0, half).entries()) {
      const changed = await differences(ireland.program, variants[half + index].program);
      const tags = ["ireland", "singapore", "global"].map((provider) => `${provider}: defaultTags`);
      assert.deepEqual(changed.sort(), [...tags, ...(ireland.hasDomain ? CHANGED_BY_A_SWAP : [])].sort());
    }
  });
});

/** Returns the different inputs by resource; a resource of only one program is entirely different. */
async function differences(one: Program, other: Program): Promise<string[]> {
  const key = ({ type, name, parent }: ProgramResource): string =>
    [type, name, parent.split("::").slice(2).join("::")].join(" ");
  const [first, second] = [one, other].map(
    ({ resources }) => new Map(resources.map((each) => [key(each), each])),
  );
  assert.deepEqual([...first.keys()].sort(), [...second.keys()].sort());
  const changes: string[] = [];
  for (const [id, resource] of first) {
    const inputs = second.get(id)?.inputs ?? {};
    const names = new Set([...Object.keys(resource.inputs), ...Object.keys(inputs)]);
    const changed = [];
    for (const name of names)
      if ((await comparable(resource.inputs[name])) !== (await comparable(inputs[name]))) changed.push(name);
    if (changed.length > 0) changes.push(`${resource.name}: ${changed.sort().join(" ")}`);
  }
  return changes;
}

/** Serializes a value, including the content of archives, which Pulumi stores in promises. */
async function comparable(value: unknown): Promise<string | undefined> {
  const { assets } = (value ?? {}) as {
    assets?: Promise<Record<string, { text?: Promise<string>; path?: Promise<string> }>>;
  };
  if (!assets) return JSON.stringify(value);
  const entries = Object.entries(await assets).map(async ([path, asset]) => [
    path,
    (await asset.text) ?? (await asset.path),
  ]);
  return JSON.stringify(await Promise.all(entries));
}
