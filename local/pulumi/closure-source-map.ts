import { decode, encode, type SourceMapMappings, type SourceMapSegment } from "@jridgewell/sourcemap-codec";
import { join } from "node:path";
import { sources, transpiled } from "../../scripts/typescript/transpiler";
import type { RawSourceMap } from "../aws/lambda/source-map";
import { isFileOf } from "./program-loading";

const PROJECT = join(__dirname, "..", "..");

/** A function in the text that Pulumi serializes a closure to. Its own text is the one of the transpiled file, except for its first line. */
const SERIALIZED = /\n\nreturn (.+?);\n\n {4}\}\n {2}\}\)\.apply\(/gs;

/** Name that Pulumi moves into a comment, because the function gets another one. */
const RENAMED = /^(?:async )?function\*? ?\/\*([^*]*)\*\//;

/** Transpiled file of the project. */
interface TranspiledFile {
  readonly path: string;
  readonly code: string;
  readonly lines: readonly string[];
  readonly mappings: SourceMapMappings;
}

/** Place in a transpiled file at which the text of a function was found. */
interface Place {
  readonly file: TranspiledFile;
  /** Index of the first line. */
  readonly line: number;
}

/**
 * Returns the source map of the text of a closure, which Pulumi writes without one: each function in it is looked up by its text in the
 * transpiled files of the project. A function that is not found, or found more than once, has no mappings.
 * @returns undefined if no function is found.
 */
export function closureSourceMap(code: string): RawSourceMap | undefined {
  const files = transpiledFiles();
  const used: TranspiledFile[] = [];
  const mappings: SourceMapSegment[][] = [];
  for (const match of code.matchAll(SERIALIZED)) {
    const text = match[1];
    const place = find(text, files);
    if (!place) continue;
    if (!used.includes(place.file)) used.push(place.file);
    const start = match.index + match[0].indexOf(text);
    const line = code.slice(0, start).split("\n").length - 1;
    const column = start - code.lastIndexOf("\n", start) - 1;
    for (const [offset, segments] of segmentsOf(text, place, column, used.indexOf(place.file)).entries())
      mappings[line + offset] = segments;
  }
  if (used.length === 0) return undefined;
  const complete = Array.from(mappings, (segments) => segments ?? []);
  return { version: 3, sources: used.map(({ path }) => path), names: [], mappings: encode(complete) };
}

/**
 * Transpiled files of the project that this process has loaded. Tests also load copies of the project, in which each function would be found
 * a second time.
 */
function transpiledFiles(): TranspiledFile[] {
  return [...sources.keys()].flatMap((path) => {
    const found = isFileOf(PROJECT, path) ? transpiled(path) : undefined;
    if (!found) return [];
    const { mappings } = JSON.parse(found.sourceMapText) as RawSourceMap;
    const { outputText } = found;
    return [{ path, code: outputText, lines: outputText.split("\n"), mappings: decode(mappings) }];
  });
}

/** Returns the only place of a function's text; undefined if there is none or more than one. */
function find(text: string, files: readonly TranspiledFile[]): Place | undefined {
  const { name, head, rest } = partsOf(text);
  const places = files.flatMap((file) =>
    rest === ""
      ? file.lines.flatMap((content, line) => (content.includes(head) ? [{ file, line }] : []))
      : positionsOf(rest, file.code).map((at) => ({
          file,
          line: file.code.slice(0, at).split("\n").length - 1,
        })),
  );
  const fitting = places.filter(({ file, line }) => {
    const content = file.lines[line];
    return rest === "" ? content.includes(head) : content.endsWith(head);
  });
  const named = fitting.filter(({ file, line }) => {
    const content = file.lines[line];
    return name === undefined || content.slice(0, content.lastIndexOf(head)).trimEnd().endsWith(name);
  });
  return named.length === 1 ? named[0] : undefined;
}

/** Parts of a function's text: its name, the rest of its first line, and the other lines. */
function partsOf(text: string): { name: string | undefined; head: string; rest: string } {
  const end = text.indexOf("\n");
  const first = end === -1 ? text : text.slice(0, end);
  const renamed = RENAMED.exec(first);
  return {
    name: renamed?.[1],
    head: renamed ? first.slice(renamed[0].length) : first,
    rest: end === -1 ? "" : text.slice(end),
  };
}

function positionsOf(text: string, code: string): number[] {
  const positions: number[] = [];
  for (let at = code.indexOf(text); at !== -1; at = code.indexOf(text, at + 1)) positions.push(at);
  return positions;
}

/** Mappings of each line of a function's text. @param column at which the text begins. */
function segmentsOf(
  text: string,
  { file, line }: Place,
  column: number,
  source: number,
): SourceMapSegment[][] {
  const { head } = partsOf(text);
  const lines = text.split("\n");
  const headColumn = column + lines[0].length - head.length;
  const shift = headColumn - file.lines[line].lastIndexOf(head);
  return lines.map((content, offset) =>
    (file.mappings[line + offset] ?? []).flatMap((segment): SourceMapSegment[] => {
      if (segment.length === 1) return [];
      const [from, , sourceLine, sourceColumn] = segment;
      const to = offset === 0 ? from + shift : from;
      const inText = offset === 0 ? to >= headColumn && to < column + content.length : from < content.length;
      return inText ? [[to, source, sourceLine, sourceColumn]] : [];
    }),
  );
}
