import * as log from "@pulumi/pulumi/log";
import { BinaryReader, BinaryWriter } from "google-protobuf";

/** Length from which a text is encoded at once, in characters. For shorter ones the encoder of google-protobuf is as fast. */
const LONG_TEXT = 256;

let isReduced = false;

/** Removes work of Pulumi's SDK, for the rest of the process, whose result nobody sees. It takes a third of the time of a run. */
export function reduceSdkOverhead(): void {
  if (isReduced) return;
  isReduced = true;
  leaveOutDebugLogs();
  encodeTextsAtOnce();
}

/** The SDK sends the engine several messages about each resource, one after the other, which the CLI shows with `--debug` only. */
function leaveOutDebugLogs(): void {
  Object.assign(log, { debug: () => Promise.resolve() });
}

/** Without this, google-protobuf encodes and decodes texts, such as the code of each function, character by character. */
function encodeTextsAtOnce(): void {
  const { writeString } = BinaryWriter.prototype;
  BinaryWriter.prototype.writeString = function (field, value) {
    // Both have the same wire type: https://protobuf.dev/programming-guides/encoding/
    if (value !== undefined && value.length >= LONG_TEXT) this.writeBytes(field, Buffer.from(value));
    else writeString.call(this, field, value);
  };
  BinaryReader.prototype.readString = function () {
    const { buffer, byteOffset, byteLength } = this.readBytes();
    return Buffer.from(buffer, byteOffset, byteLength).toString();
  };
}
