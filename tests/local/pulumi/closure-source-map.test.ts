import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { decode, type SourceMapSegment } from "@jridgewell/sourcemap-codec";
import * as pulumi from "@pulumi/pulumi";
import { getTicket } from "../../../functions/tickets/get";
import { replicate } from "../../../functions/replication/replicate";
import { transpile } from "../../../scripts/typescript/transpiler";
import { closureSourceMap } from "../../../local/pulumi/closure-source-map";
import { PROJECT, startLambda } from "../aws/lambda/lambda-fixture";

/** Text of a closure, and its source map by line. */
interface Closure {
  readonly code: string;
  readonly lines: readonly string[];
  readonly sources: readonly string[];
  readonly mappings: readonly (readonly SourceMapSegment[])[];
}

async function closureOf(factory: () => unknown): Promise<Closure> {
  const { text } = await pulumi.runtime.serializeFunction(factory, { isFactoryFunction: true });
  const map = closureSourceMap(text) ?? assert.fail("nothing was found");
  return { code: text, lines: text.split("\n"), sources: map.sources, mappings: decode(map.mappings) };
}

describe("The source map of a closure", function () {
  // The first serialization of a process reads all packages.
  this.timeout(120_000);

  it("maps a line to the line of the TypeScript file with the same statement", async () => {
    const { lines, sources, mappings } = await closureOf(getTicket);
    const statement = "const stored = await table.get(id);";
    const line = lines.findIndex((text) => text.trim() === statement);
    const [column, source, sourceLine, sourceColumn] = mappings[line][0] as [number, number, number, number];
    const file = `${PROJECT}/functions/tickets/get.ts`;
    assert.equal(sources[source], file);
    const original = readFileSync(file, "utf8").split("\n")[sourceLine];
    assert.equal(original.slice(sourceColumn), statement);
    assert.equal(lines[line].slice(column), statement);
  });

  it("maps the parameters in the first line of a function, which Pulumi renames", async () => {
    const { lines, sources, mappings } = await closureOf(getTicket);
    const first = "return function /*environmentVariable*/(name) {";
    const line = lines.indexOf(first);
    const original = mappings[line].map((segment) => {
      const [column, source, sourceLine, sourceColumn] = segment as [number, number, number, number];
      const content = readFileSync(sources[source], "utf8").split("\n")[sourceLine];
      return [first.slice(column), content.slice(sourceColumn)];
    });
    assert.deepEqual(original, [
      ["(name) {", "(name: string): string {"],
      ["name) {", "name: string): string {"],
      [") {", "): string {"],
    ]);
  });

  it("maps nearly every function of the program", async () => {
    const { code, mappings } = await closureOf(replicate);
    const starts = [...code.matchAll(/\n\nreturn /g)].map(
      ({ index }) => code.slice(0, index).split("\n").length + 1,
    );
    const found = starts.filter(
      (line) => (mappings[line]?.length ?? 0) > 0 || (mappings[line + 1]?.length ?? 0) > 0,
    );
    assert.ok(starts.length > 50);
    assert.ok(found.length >= starts.length * 0.95, `${found.length} of ${starts.length}`);
  });

  it("names the files of this project when another checkout is loaded too", async () => {
    const file = "functions/tickets/get.ts";
    transpile(readFileSync(`${PROJECT}/${file}`, "utf8"), `/another/checkout/${file}`);
    const { sources } = await closureOf(getTicket);
    assert.ok(sources.includes(`${PROJECT}/${file}`));
  });

  it("does not exist for a function that is in no file of the project, or in more than one place", () => {
    const closure = (text: string): string =>
      `exports.handler = __f0;\n\nfunction __f0() {\n  return (function() {\n    with({ this: undefined }) {\n\nreturn ${text};\n\n    }\n  }).apply(undefined, undefined).apply(this, arguments);\n}\n`;
    assert.equal(closureSourceMap(closure("function /*absent*/() {\n    return 'nowhere';\n}")), undefined);
    // Occurs several times in functions/.
    assert.equal(closureSourceMap(closure("(value) => value?.S")), undefined);
    assert.equal(closureSourceMap("exports.handler = 1;"), undefined);
  });

  it("names TypeScript files and lines in the log and in the error of a function", async () => {
    const { text } = await pulumi.runtime.serializeFunction(getTicket, { isFactoryFunction: true });
    const fixture = await startLambda(undefined, { sourceMapOf: closureSourceMap });
    try {
      const { outputs } = await fixture.deploy(text);
      const result = await fixture.lambda.invoke(outputs.arn as string, {});
      assert.ok("functionError" in result);
      // The factory reads the name of the table, which this function does not have.
      const { trace = [] } = result.functionError;
      const source = readFileSync(`${PROJECT}/functions/shared/environment.ts`, "utf8").split("\n");
      const line = source.findIndex((content) => content.includes("throw new Error")) + 1;
      assert.match(trace.join("\n"), new RegExp(`at functions/shared/environment\\.ts:${line}:\\d+`));
      assert.match(
        fixture.logged.join("\n"),
        new RegExp(`at functions/shared/environment\\.ts:${line}:\\d+`),
      );
      assert.match(trace.join("\n"), /at functions\/tickets\/get\.ts:\d+:\d+/);
    } finally {
      await fixture.remove();
    }
  });
});
