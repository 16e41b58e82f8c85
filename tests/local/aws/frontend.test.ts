import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { PassThrough } from "node:stream";
import { upgrade } from "../../../local/aws/frontend";

describe("A request to switch to WebSocket without a frontend", () => {
  it("gets an error response, also when the client breaks the connection", () => {
    const socket = new PassThrough();
    upgrade(undefined, {} as IncomingMessage, socket, Buffer.alloc(0));
    assert.match(String(socket.read()), /^HTTP\/1\.1 400 Bad Request\r\n/);
    assert.doesNotThrow(() => socket.emit("error", new Error("the client has reset the connection")));
    assert.ok(socket.destroyed);
  });
});
