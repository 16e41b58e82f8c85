import assert from "node:assert/strict";
import { log } from "@pulumi/pulumi";
import { BinaryReader, BinaryWriter } from "google-protobuf";
import { reduceSdkOverhead } from "../../../../local/pulumi/engine/sdk-overhead";

/** Field 1, with a length. */
const TAG = 0x0a;

describe("reduceSdkOverhead", () => {
  before(reduceSdkOverhead);

  for (const text of ["", "short", "é€😀", "a".repeat(255), "a".repeat(256), "é€😀".repeat(10_000)])
    it(`keeps the encoding of a text of ${text.length} characters`, () => {
      const writer = new BinaryWriter();
      writer.writeString(1, text);
      const bytes = writer.getResultBuffer();
      const encoded = Buffer.from(text);
      assert.deepEqual(Buffer.from(bytes), Buffer.from([TAG, ...varint(encoded.length), ...encoded]));
      const reader = new BinaryReader(bytes);
      assert.ok(reader.nextField());
      assert.equal(reader.readString(), text);
      assert.equal(reader.nextField(), false);
    });

  it("writes no field for a text that is undefined", () => {
    const writer = new BinaryWriter();
    writer.writeString(1, undefined);
    assert.equal(writer.getResultBuffer().length, 0);
  });

  it("drops debug messages to the engine, and keeps others", async () => {
    const sent: string[] = [];
    const engine = { log: (request: Message, done: () => void) => (sent.push(request.getMessage()), done()) };
    await withEngine(engine, async () => {
      await log.debug("detail");
      await log.info("information");
    });
    assert.deepEqual(sent, ["information"]);
  });
});

interface Message {
  getMessage(): string;
}

/** Runs a part of a program that is connected to an engine. */
function withEngine<T>(engine: object, run: () => Promise<T>): Promise<T> {
  // The module with the state of a run is not in the types.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { LocalStore } = require("@pulumi/pulumi/runtime/state") as {
    readonly LocalStore: new () => { readonly settings: object };
  };
  const store = new LocalStore();
  Object.assign(store.settings, { engine });
  const { asyncLocalStorage } = globalThis as unknown as {
    readonly asyncLocalStorage: { run<T>(store: object, run: () => T): T };
  };
  return asyncLocalStorage.run(store, run);
}

/** Returns a number in the variable-length encoding of Protocol Buffers. */
function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}
