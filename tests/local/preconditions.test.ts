import assert from "node:assert/strict";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { createDataDirectory, expectNoDomainWithWebsites, provideUi } from "../../local/preconditions";

const PROJECT = join(__dirname, "..", "..");

describe("preconditions of npm start", () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "preconditions-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it("rejects a web UI that is not built and has no sources", async () => {
    const message = `The web UI is not built: ${join(directory, "ui", "dist")} has no index.html. Build it with: npm run build`;
    await assert.rejects(provideUi(directory), { message });
    mkdirSync(join(directory, "ui", "dist"), { recursive: true });
    await assert.rejects(provideUi(directory), { message });
    writeFileSync(join(directory, "ui", "dist", "index.html"), "");
    await provideUi(directory);
  });

  it("builds the web UI only if its sources have changed", async function () {
    cpSync(join(PROJECT, "ui"), join(directory, "ui"), { recursive: true });
    cpSync(join(PROJECT, "package-lock.json"), join(directory, "package-lock.json"));
    symlinkSync(join(PROJECT, "node_modules"), join(directory, "node_modules"));
    symlinkSync(join(PROJECT, "functions"), join(directory, "functions"));
    const steps: string[] = [];
    const provide = (): Promise<void> => provideUi(directory, (step) => steps.push(step));
    await provide();
    const earlier = steps.length;
    await provide();
    assert.equal(steps.length, earlier);

    const source = join(directory, "ui", "index.html");
    writeFileSync(source, readFileSync(source, "utf8").replace("<title>", "<title>Edited "));
    const { atime } = statSync(source);
    utimesSync(source, atime, new Date(0));
    await provide();
    assert.deepEqual(steps.slice(earlier), ["Building the web UI, because its sources have changed …"]);
    assert.match(readFileSync(join(directory, "ui", "dist", "index.html"), "utf8"), /<title>Edited /);

    writeFileSync(
      join(directory, "ui", "src", "main.tsx"),
      "import { missing } from './nowhere';\nmissing();\n",
    );
    await assert.rejects(provide(), ({ message }: Error) => {
      assert.match(message, /^The web UI could not be built: .*nowhere/s);
      // Neither colors nor a stack trace of Vite.
      assert.equal(message, stripVTControlCharacters(message));
      assert.doesNotMatch(message, /\n\s+at /);
      return true;
    });
  });

  it("creates the data folder, and keeps an existing one unchanged", async () => {
    const data = join(directory, "a", "b");
    await createDataDirectory(data);
    writeFileSync(join(data, "kept"), "");
    await createDataDirectory(data);
    assert.ok(existsSync(join(data, "kept")));
  });

  it("names a data folder that cannot be created", async () => {
    const file = join(directory, "file");
    writeFileSync(file, "");
    for (const path of [file, join(file, "below")])
      await assert.rejects(createDataDirectory(path), (error: Error) =>
        error.message.startsWith(`--data is ${JSON.stringify(path)}, which cannot be used: `),
      );
  });

  it("names the option for a stack whose public websites exclude the domain of the local cloud", () => {
    const websites = { "tickets:publicWebsite": "true" };
    const [withDomain, without] = [
      { stack: "ireland", domain: "tickets.test" },
      { stack: "ireland", domain: undefined },
    ];
    assert.throws(
      () => expectNoDomainWithWebsites(withDomain, websites),
      /^Error: tickets:publicWebsite is true in Pulumi\.ireland\.yaml, .* domain tickets\.test\. Start it with --no-domain\.$/,
    );
    expectNoDomainWithWebsites(without, websites);
    expectNoDomainWithWebsites(withDomain, { "tickets:publicWebsite": "false" });
  });
});
