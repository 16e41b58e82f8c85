import * as log from "@pulumi/pulumi/log";
import { BinaryReader, BinaryWriter } from "google-protobuf";

/** Minimum length, in characters, of texts that Node.js encodes in one call. google-protobuf encodes shorter ones. */
const LONG_TEXT = 256;

let isReduced = false;

/** Turns off work of Pulumi's SDK whose result is not used, for the rest of the process. */
export function reduceSdkOverhead(): void {
  if (isReduced) return;
  isReduced = true;
  leaveOutDebugLogs();
  encodeTextsAtOnce();
}

/** Drops debug messages. The SDK sends the engine several of them for each resource, one after the other; the CLI shows them only with `--debug`. */
function leaveOutDebugLogs(): void {
  Object.assign(log, { debug: () => Promise.resolve() });
}

/**
 * Replaces the encoder and the decoder of google-protobuf for texts, such as the code of each function. They work character by character.
 * An unpaired surrogate of a long text becomes U+FFFD.
 */
function encodeTextsAtOnce(): void {
  const { writeString } = BinaryWriter.prototype;
  BinaryWriter.prototype.writeString = function (field, value) {
    // Texts and bytes have the same wire type: https://protobuf.dev/programming-guides/encoding/
    if (value && value.length >= LONG_TEXT) this.writeBytes(field, Buffer.from(value));
    else writeString.call(this, field, value);
  };
  BinaryReader.prototype.readString = function () {
    const { buffer, byteOffset, byteLength } = this.readBytes();
    return Buffer.from(buffer, byteOffset, byteLength).toString();
  };
}
