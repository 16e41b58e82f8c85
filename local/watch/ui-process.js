// Serves the sources of the web UI with Vite, in a process of its own. Reports its port to the parent, and ends with it.
// Arguments: the folder with the sources, and a folder for Vite's cache, which several processes must not share.
const { basename } = require("node:path");
const { stripVTControlCharacters } = require("node:util");

/** Message of a transform that Vite cannot do, in the form that its overlay in the browser shows. */
const overlayError = ({ message, id, frame, plugin, loc }) => ({
  type: "error",
  err: { message: stripVTControlCharacters(message), stack: "", id, frame, plugin, loc },
});

/** Files whose last version Vite cannot transform. */
const broken = new Set();

/**
 * Keeps the last good version in the browser: a file with an error shows the overlay and reloads nothing. Reloads once every file is
 * correct again.
 */
const keepLastGoodVersion = {
  name: "keep-last-good-version",
  hotUpdate: {
    order: "pre",
    async handler({ file, type, read }) {
      const { environment } = this;
      if (environment.name !== "client") return undefined;
      // Editors can empty a file before they write it. An empty file has no error, and would reload the page. Vite's function waits.
      if (type !== "delete") await read();
      const wasBroken = broken.size > 0;
      if (type === "delete") broken.delete(file);
      else broken.add(file);
      for (const candidate of [...broken]) {
        const problem = await problemOf(environment, candidate);
        if (problem) {
          environment.hot.send(overlayError(problem));
          process.send({ broken: true });
          return [];
        }
        broken.delete(candidate);
      }
      process.send({ broken: false });
      if (!wasBroken) return undefined;
      environment.hot.send({ type: "full-reload", path: "*" });
      return [];
    },
  },
};

async function problemOf(environment, file) {
  for (const { url } of environment.moduleGraph.getModulesByFile(file) ?? []) {
    try {
      await environment.transformRequest(url);
    } catch (error) {
      return error;
    }
  }
  return undefined;
}

/** Vite's client inserts styles and opens a WebSocket, which the policy of the deployed page forbids. */
const allowViteClient = {
  name: "allow-vite-client",
  transformIndexHtml: (html) =>
    html
      .replace("default-src 'self';", "default-src 'self'; style-src 'self' 'unsafe-inline';")
      .replace("connect-src 'self'", "connect-src 'self' ws:"),
};

async function main(root, cacheDir) {
  const { createServer } = await import("vite");
  const server = await createServer({
    root,
    cacheDir,
    appType: "mpa",
    clearScreen: false,
    logLevel: "silent",
    // All dependencies are ES modules. Bundled in advance, they would be bundled again, and every page loaded again, when a slow browser
    // asks for one of them late: https://vite.dev/guide/dep-pre-bundling
    optimizeDeps: { noDiscovery: true, include: [] },
    plugins: [keepLastGoodVersion, allowViteClient],
    server: { host: "127.0.0.1", port: 0, watch: { ignored: ["**/dist/**"] } },
  });
  await server.listen();
  process.send({ port: server.httpServer.address().port });
  const { hot } = server.environments.client;
  let shown;
  process.on("message", ({ error }) => {
    shown = error === undefined ? undefined : overlayError({ message: error });
    hot.send(shown ?? { type: "update", updates: [] });
  });
  // A page that is opened or loaded again shows the error, too.
  hot.on("vite:client:connect", (_, client) => {
    if (shown) client.send(shown);
  });
}

process.title = `${basename(process.argv0)} vite`;
process.on("disconnect", () => process.exit());
main(...process.argv.slice(2)).catch((error) => {
  process.send({ failure: error.message });
});
