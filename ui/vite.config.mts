import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vite";
import { DIGEST_FILE, sourcesDigest } from "./sources.js";

const FOLDER = import.meta.dirname;

/** Records a digest of the built sources. It is computed before the build, so that an edit during the build makes the result stale. */
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
 * Builds the web UI into `ui/dist`. URLs are relative, because each region serves the files from a bucket with another name.
 * Nothing is inlined, because the content security policy forbids inline scripts and styles.
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
