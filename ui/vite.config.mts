import { defineConfig } from "vite";

/**
 * Builds the page into `ui/dist`. Its addresses are relative, because each region's website serves it from a bucket
 * of another name, and nothing is inlined, because its content security policy forbids that.
 */
export default defineConfig({
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
