import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vite";
import { DIGEST_FILE, sourcesDigest } from "./sources.js";

const FOLDER = import.meta.dirname;

/** Records which sources were built. The digest is of the state before the build: an edit during it makes the result stale. */
function recordSources(): Plugin {
  let digest = "";
  return {
    name: "record-sources",
    apply: "build",
    buildStart() {
      digest = sourcesDigest(FOLDER);
    },
    writeBundle() {
      writeFileSync(join(FOLDER, "dist", DIGEST_FILE), digest);
    },
  };
}

/**
 * Builds the page into `ui/dist`. Its addresses are relative, because each region's website serves it from a bucket
 * of another name, and nothing is inlined, because its content security policy forbids that.
 */
export default defineConfig({
  base: "./",
  plugins: [recordSources()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
