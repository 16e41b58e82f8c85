import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { SHARED } from "../../ui/sources";

const UI = join(__dirname, "..", "..", "ui");
/** Imports and re-exports of values by relative path. Type imports are not part of the built UI. */
const IMPORT = /^(?:import|export) (?!type\b)[^;]*?from "(\.[^"]+)"/gm;

/** Adds a module and all its direct and indirect imports. */
function addModules(path: string, found: Set<string>): void {
  if (found.has(path)) return;
  found.add(path);
  for (const [, name] of readFileSync(path, "utf8").matchAll(IMPORT)) {
    const base = join(dirname(path), name);
    const file = [base, `${base}.ts`, `${base}.tsx`].find(
      (candidate) => /\.\w+$/.test(candidate) && existsSync(candidate),
    );
    if (file) addModules(file, found);
  }
}

describe("Sources of the built web UI", () => {
  it("include every imported module outside of ui/, so that a change there makes it stale", () => {
    const modules = new Set<string>();
    for (const name of readdirSync(join(UI, "src"), { recursive: true, encoding: "utf8" }))
      if (/\.tsx?$/.test(name)) addModules(join(UI, "src", name), modules);
    const outside = [...modules]
      .map((path) => relative(UI, path).split(sep).join("/"))
      .filter((path) => path.startsWith("../"));
    assert.deepEqual(outside.sort(), [...SHARED].sort());
  });
});
