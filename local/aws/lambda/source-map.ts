import { existsSync, readFileSync, realpathSync } from "node:fs";
import { SourceMap } from "node:module";
import { sep } from "node:path";

/** Source map, version 3. https://tc39.es/ecma426/ */
export interface RawSourceMap {
  readonly version: 3;
  /** Absolute paths. */
  readonly sources: string[];
  readonly names: string[];
  readonly mappings: string;
}

/** Returns the source map of a file with this text; undefined if it has none. */
export type SourceMapOf = (code: string) => RawSourceMap | undefined;

/** Source maps of the files of an archive, which contains none itself. */
export class ArchiveSourceMaps {
  /** By file; undefined if the file has none. */
  private readonly maps = new Map<string, { raw: RawSourceMap; lookup: SourceMap } | undefined>();
  private readonly frame: RegExp;

  /**
   * @param taskRoot directory of the unpacked archive.
   * @param sourceMapOf undefined if there are no source maps.
   * @param projectDirectory base of the paths in translated stack frames.
   */
  constructor(
    taskRoot: string,
    private readonly sourceMapOf: SourceMapOf | undefined,
    private readonly projectDirectory: string,
  ) {
    const roots = [taskRoot, existsSync(taskRoot) ? realpathSync(taskRoot) : taskRoot];
    const anyRoot = roots.map((root) => (root + sep).replace(/[^\w/]/g, "\\$&")).join("|");
    this.frame = new RegExp(`(?:file://)?((?:${anyRoot})[^\\s:()"']+):(\\d+):(\\d+)`, "g");
  }

  /** Replaces the positions of stack frames in a text by those in the sources, where they are known. */
  translate(text: string): string {
    return text.replace(this.frame, (frame, file: string, line: string, column: string) => {
      const entry = this.mapOf(file)?.lookup.findEntry(Number(line) - 1, Number(column) - 1);
      // The closest mapping may belong to an earlier line.
      if (!entry || !("originalSource" in entry) || entry.generatedLine !== Number(line) - 1) return frame;
      const { originalSource, originalLine, originalColumn } = entry;
      const source = originalSource.startsWith(this.projectDirectory + sep)
        ? originalSource.slice(this.projectDirectory.length + 1)
        : originalSource;
      return `${source}:${originalLine + 1}:${originalColumn + 1}`;
    });
  }

  /** Returns the source map of a file of the archive; undefined if it has none. */
  ofFile(file: string): RawSourceMap | undefined {
    return this.mapOf(file)?.raw;
  }

  private mapOf(file: string): { raw: RawSourceMap; lookup: SourceMap } | undefined {
    if (!this.maps.has(file)) {
      const raw = this.read(file);
      const lookup = raw && new SourceMap({ ...raw, file, sourcesContent: [], sourceRoot: "" });
      this.maps.set(file, raw && lookup && { raw, lookup });
    }
    return this.maps.get(file);
  }

  private read(file: string): RawSourceMap | undefined {
    try {
      return this.sourceMapOf?.(readFileSync(file, "utf8"));
    } catch {
      // The archive was removed after an update of the function, or the frame names a file that does not exist.
      return undefined;
    }
  }
}
