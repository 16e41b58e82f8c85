// Ends the process quietly, with exit code 1, when the reader of its output closes it, as `| head` does. Node.js would print a stack
// trace. For scripts that have nothing to complete then.
require("./node-version");

for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(1);
  });
