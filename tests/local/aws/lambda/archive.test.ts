import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { deserializeProperty, serializeProperty } from "@pulumi/pulumi/runtime/rpc";
import { unpackArchive } from "../../../../local/aws/lambda/archive";

describe("An archive of a function", () => {
  let project: string;
  beforeEach(async () => {
    project = await mkdtemp(join(tmpdir(), "archive-test-"));
    await writeFile(join(project, "notes.txt"), "notes");
  });
  afterEach(() => rm(project, { recursive: true }));

  const archive = (): pulumi.asset.Archive =>
    new pulumi.asset.AssetArchive({
      "index.js": new pulumi.asset.StringAsset("exports.handler = async () => 1;"),
      "docs/notes.txt": new pulumi.asset.FileAsset("notes.txt"),
      copy: new pulumi.asset.FileArchive("."),
      nested: new pulumi.asset.AssetArchive({ "a.txt": new pulumi.asset.StringAsset("a") }),
    });
  /** Sends a value over Pulumi's wire format, as the engine does. */
  const sent = async (value: unknown): Promise<unknown> =>
    deserializeProperty(
      await serializeProperty("code", value, new Set(), { keepOutputValues: false }),
      false,
    );

  it("resolves relative paths against the program's directory", async () => {
    const target = await mkdtemp(join(tmpdir(), "task-"));
    try {
      await unpackArchive(archive(), target, project);
      assert.equal(await readFile(join(target, "docs/notes.txt"), "utf8"), "notes");
    } finally {
      await rm(target, { recursive: true });
    }
  });

  it("is the same after it was sent by the engine", async () => {
    const targets = [await mkdtemp(join(tmpdir(), "task-")), await mkdtemp(join(tmpdir(), "task-"))];
    try {
      const [local, received] = [archive(), await sent(archive())];
      const [one, other] = [
        await unpackArchive(local, targets[0], project),
        await unpackArchive(received, targets[1], project),
      ];
      assert.deepEqual(one, other);
      assert.equal(await readFile(join(targets[1], "copy/notes.txt"), "utf8"), "notes");
      assert.equal(await readFile(join(targets[1], "nested/a.txt"), "utf8"), "a");
    } finally {
      for (const target of targets) await rm(target, { recursive: true });
    }
  });
});
