import assert from "node:assert/strict";
import { promises, type CaaRecord } from "node:dns";
import { after, before, beforeEach } from "mocha";
import { useFakePulumi, type FakePulumi } from "../support/fake-pulumi";
import { expectCode, runHere, type CommandResult } from "../support/run-command";
import { FakeAccount, NAME_SERVERS, readyAccount } from "./fake-account";

const REGIONS = '[{"name":"ireland","code":"eu-west-1"},{"name":"singapore","code":"ap-southeast-1"}]';

/** Account, stack and public DNS of a suite. Every test begins with an account that is ready, and a stack without a domain or outputs. */
export class PreflightUnderTest {
  readonly account = new FakeAccount();
  /** Name servers by name of a zone. */
  delegations: Record<string, readonly string[]> = {};
  /** CAA records by name. */
  authorities: Record<string, readonly CaaRecord[]> = {};

  constructor(readonly pulumi: FakePulumi) {}

  reset(): void {
    this.account.state = readyAccount();
    this.account.actions.clear();
    this.delegations = { "tickets.test": NAME_SERVERS };
    this.authorities = {};
    this.configure({});
    this.pulumi.answers("stack output", {});
    this.pulumi.answers("stack export", { version: 3, deployment: {} });
  }

  /** Sets the configuration of the stack. */
  configure(config: Readonly<Record<string, string | undefined>>): void {
    const all = { regions: REGIONS, awsEndpoint: this.account.url, domainName: "", ...config };
    const entries = Object.entries(all).map(([key, value]) => [`tickets:${key}`, { value, secret: false }]);
    this.pulumi.answers("config", Object.fromEntries(entries));
  }

  /** @param stopAfter stops the command, like Ctrl-C, when its standard output matches. */
  run(stopAfter?: RegExp): Promise<CommandResult> {
    return runHere(["preflight", "--stack", "ireland"], stopAfter);
  }

  /** Expects exactly one thing to do, and returns it with the line that says how. */
  async onlyToDo(): Promise<string> {
    const result = await this.run();
    expectCode(result, 1);
    const lines = result.out.split("\n");
    const todo = lines.flatMap((line, index) => (line.startsWith("TO DO") ? [index] : []));
    assert.equal(todo.length, 1, result.out);
    const verdict = "1 to do, 0 not checked. Then run again: npm run preflight -- --stack ireland.";
    assert.ok(lines.includes(verdict), result.out);
    return `${lines[todo[0]].slice(13)} ${lines[todo[0] + 1].trim()}`;
  }
}

/** Serves an account, a Pulumi CLI and public DNS for the tests of the current suite. */
export function usePreflight(): PreflightUnderTest {
  const { resolveNs, resolveCaa } = promises;
  const tested = new PreflightUnderTest(useFakePulumi());
  before(() => tested.account.start());
  after(() => tested.account.close());
  beforeEach(() => {
    tested.reset();
    promises.resolveNs = async (name) => [...recordsOf(tested.delegations[name])];
    promises.resolveCaa = async (name) => [...recordsOf(tested.authorities[name])];
  });
  after(() => Object.assign(promises, { resolveNs, resolveCaa }));
  return tested;
}

/** @throws the error of Node.js for a name without records. */
function recordsOf<T>(records: readonly T[] | undefined): readonly T[] {
  if (records) return records;
  throw Object.assign(new Error("queryNs ENODATA"), { code: "ENODATA" });
}
