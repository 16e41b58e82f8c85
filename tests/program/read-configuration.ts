import assert from "node:assert/strict";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { Config, readConfig } from "../../config";
import { stackConfig } from "../../local/stack-config";

const ROOT = join(__dirname, "..", "..");

/** What the Pulumi SDK needs before a configuration can be read. */
export function mockStack(): Promise<void> {
  return pulumi.runtime.setMocks(
    { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
    "tickets",
    "ireland",
  );
}

/** The configuration of a stack with these keys of the project over its own; undefined takes one away. */
export function read(overrides: Readonly<Record<string, string | undefined>>, stack = "ireland"): Config {
  const full = Object.entries(overrides).map(([key, value]) => [`tickets:${key}`, value]);
  pulumi.runtime.setAllConfig(stackConfig(ROOT, stack, Object.fromEntries(full)));
  return readConfig();
}

/** The lines of the error after its first, which names the stack. */
export function problemsOf(overrides: Readonly<Record<string, string | undefined>>): string[] {
  try {
    read(overrides);
  } catch (error) {
    assert.ok(pulumi.RunError.isInstance(error), "Pulumi would print a stack trace.");
    const [first, ...problems] = error.message.split("\n");
    assert.equal(first, "The configuration of stack ireland is wrong:");
    return problems;
  }
  return assert.fail("The configuration was accepted.");
}

/** The one line of the error after its first. */
export function onlyProblemOf(overrides: Readonly<Record<string, string | undefined>>): string {
  const [problem, ...others] = problemsOf(overrides);
  assert.deepEqual(others, []);
  return problem;
}

/** The key `regions` with these nicknames and codes. */
export function regions(...pairs: (readonly [string, string])[]): string {
  return JSON.stringify(pairs.map(([name, code]) => ({ name, code })));
}
