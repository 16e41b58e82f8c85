import { after, before } from "mocha";

/** Sets environment variables for the tests of a `describe` and restores them afterwards; undefined removes a variable. */
export function withEnvironment(variables: Readonly<Record<string, string | undefined>>): void {
  const saved: Record<string, string | undefined> = {};
  before(() => {
    for (const name of Object.keys(variables)) saved[name] = process.env[name];
    setAll(variables);
  });
  after(() => setAll(saved));
}

function setAll(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
