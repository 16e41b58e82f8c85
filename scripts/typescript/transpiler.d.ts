/** JavaScript of a TypeScript file, and its source map. */
export interface Transpiled {
  readonly outputText: string;
  readonly sourceMapText: string;
}

/** Digest of the path and text of every file that this process has transpiled, as it was read, by path. */
export const sources: ReadonlyMap<string, string>;

/** Digest of the text alone, by path. */
export const texts: ReadonlyMap<string, string>;

/** Returns the JavaScript of a TypeScript file, and keeps it in the disk cache. @throws SyntaxError if the file cannot be parsed. */
export function transpile(input: string, fileName: string): Transpiled;

/** Returns the JavaScript of a file of this process, as it was loaded; undefined for any other file. */
export function transpiled(fileName: string): Transpiled | undefined;
