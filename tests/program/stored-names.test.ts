import {
  configKeyLines,
  inputLines,
  outputLines,
  resourceLines,
  storedVariants,
} from "./stored-names/program-names";
import { expectSnapshot } from "./stored-names/snapshot";

const REPLACES =
  "On AWS, a changed URN or provider deletes the resource and creates another one. For the tables, which are protected, " +
  "the deployment fails; unprotected tables lose every ticket. A class or file may be renamed; its type token and the " +
  "names and parents of its resources may not.";

/**
 * Snapshots of every name that a deployed stack stores or sends: here what the program declares, in `stored-items.test.ts`
 * what its functions write. Renaming or moving code must not change them. They are in `stored-names/*.txt`. To change a name
 * on purpose, run `UPDATE_STORED_NAMES=1 npx mocha "tests/program/stored-*.test.ts"` and commit the difference.
 */
describe("Stored names of the program", function () {
  this.timeout(180_000);
  let variants: Awaited<ReturnType<typeof storedVariants>>;
  before(async () => {
    variants = await storedVariants();
  });

  it("keep the URN and the provider of every resource", () => {
    expectSnapshot("resources", resourceLines(variants), REPLACES);
  });

  it("keep the stack outputs", () => {
    expectSnapshot(
      "outputs",
      outputLines(variants),
      "Operator commands and other stacks read the outputs by these names.",
    );
  });

  it("keep the names in the inputs of resources", () => {
    expectSnapshot(
      "inputs",
      inputLines(variants),
      "Stored items, clients, DNS and dashboards depend on these names; some of them replace the resource.",
    );
  });

  it("keep the configuration keys", async () => {
    expectSnapshot(
      "config-keys",
      await configKeyLines(),
      "A stack's configuration file has values under these keys; a renamed key loses its value.",
    );
  });
});
