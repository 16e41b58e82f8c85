import { connect } from "node:net";

/** Sends bytes to a server on 127.0.0.1. Returns everything it sends until it closes the connection, or the error of a reset. */
export async function sendRaw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    socket.on("data", (chunk: Buffer) => (answer += chunk.toString("latin1")));
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(`${answer}${error.code}`));
    socket.on("close", () => resolve(answer));
    // Longer than any response takes; without a response the result is empty.
    socket.setTimeout(20_000, () => socket.destroy());
  });
}
