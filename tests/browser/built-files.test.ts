import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const DIST = join(__dirname, "..", "..", "ui", "dist");
/** Maximum total size of the files of the web UI, each compressed as by CloudFront. */
const MAX_BYTES = 60 * 1024;

describe("Built files of the web UI", () => {
  const files = readdirSync(DIST, { recursive: true, encoding: "utf8" })
    .map((name) => join(DIST, name))
    .filter((path) => statSync(path).isFile());

  it("is smaller than 60 KB in total, compressed", () => {
    const bytes = files
      .map((path) => gzipSync(readFileSync(path)).length)
      .reduce((sum, size) => sum + size, 0);
    assert.ok(bytes > 0 && bytes < MAX_BYTES, `${bytes} bytes`);
  });

  it("refers to its files by relative URLs, without inline scripts or styles", () => {
    const html = readFileSync(join(DIST, "index.html"), "utf8");
    const addresses = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address);
    assert.ok(addresses.length >= 3);
    assert.deepEqual(
      addresses.filter((address) => !address.startsWith("./")),
      [],
    );
    assert.doesNotMatch(html, /<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/i);
  });
});
