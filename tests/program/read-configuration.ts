import assert from "node:assert/strict";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { Config, readConfig } from "../../config";
import { stackConfig } from "../../local/pulumi/stack-config";

const ROOT = join(__dirname, "..", "..");

/** Prepares the Pulumi SDK for reading a configuration. */
export function mockStack(): Promise<void> {
  return pulumi.runtime.setMocks(
    { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
    "tickets",
    "ireland",
  );
}

/** Returns the configuration of a stack with overridden keys of the project; undefined removes a key. */
export function read(overrides: Readonly<Record<string, string | undefined>>, stack = "ireland"): Config {
  const full = Object.entries(overrides).map(([key, value]) => [`tickets:${key}`, value]);
  pulumi.runtime.setAllConfig(stackConfig(ROOT, stack, Object.fromEntries(full)));
  return readConfig();
}

/** Returns the lines of the error after its first, which names the stack. */
export function problemsOf(overrides: Readonly<Record<string, string | undefined>>): string[] {
  try {
    read(overrides);
  } catch (error) {
    assert.ok(pulumi.RunError.isInstance(error), "Pulumi would print a stack trace.");
    const [first, ...problems] = error.message.split("\n");
    assert.equal(first, "The configuration of stack ireland is invalid:");
    return problems;
  }
  return assert.fail("The configuration was accepted.");
}

/** Returns the only line of the error after its first. */
export function onlyProblemOf(overrides: Readonly<Record<string, string | undefined>>): string {
  const [problem, ...others] = problemsOf(overrides);
  assert.deepEqual(others, []);
  return problem;
}

/** Value of the key `regions` with these aliases and AWS region codes. */
export function regions(...pairs: (readonly [string, string])[]): string {
  return JSON.stringify(pairs.map(([name, code]) => ({ name, code })));
}
