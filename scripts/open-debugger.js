// Opens or closes the debugger of a function in a running local cloud: npm run debugger -- NAME [PORT]
require("./node-version");
const { parseArgs } = require("node:util");

const HELP = `Opens the debugger of a function of the local cloud, which must run with npm start -- --inspect.

  npm run debugger -- NAME [PORT] [options]

  NAME            name of the function, such as ireland-api-get; a wrong one lists all names
  PORT            port of the debugger, 1024 to 65535; any free one by default
  --close         close the debugger instead; without NAME, all of them
  --console URL   console of the local cloud, http://localhost:4700 by default
  --help          show this help`;

main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});

async function main(args) {
  const { values, positionals } = parse(args);
  const [name, port] = positionals;
  if (values.help) return console.log(HELP);
  if (positionals.length > 2 || (name === undefined && !values.close)) throw new Error(HELP);
  const cloud = values.console;
  if (!values.close) return open(cloud, name, port);
  const { functions } = name === undefined ? await request(`${cloud}/functions`, cloud) : { functions: [] };
  const opened = functions.filter(({ debugger: { state } }) => state === "open");
  for (const one of name === undefined ? opened.map(({ functionName }) => functionName) : [name]) {
    await change(cloud, one, { state: "closed" });
    console.log(`The debugger of ${one} is closed.`);
  }
}

async function open(cloud, name, port) {
  if (port !== undefined && !(Number(port) >= 1024 && Number(port) <= 65535))
    throw new Error(`PORT is ${JSON.stringify(port)}, but must be a number from 1024 to 65535.`);
  const opened = await change(cloud, name, {
    state: "open",
    port: port === undefined ? undefined : Number(port),
  });
  console.log(`The debugger of ${name} listens at 127.0.0.1:${opened.port}.
  terminal  ${opened.command}
  VS Code   attach to port ${opened.port}
  Chrome    open ${opened.devtoolsFrontendUrl}`);
}

function parse(args) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        close: { type: "boolean", default: false },
        console: { type: "string", default: "http://localhost:4700" },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new Error(`${error.message}\n\n${HELP}`, { cause: error });
  }
}

/** Changes the state of a debugger and returns it. */
function change(cloud, name, body) {
  return request(`${cloud}/functions/${encodeURIComponent(name)}/debugger`, cloud, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** Returns a JSON response. @throws Error with the reason of the local cloud, or if none is running. */
async function request(url, cloud, options) {
  const response = await fetch(url, options).catch((error) => {
    throw new Error(
      `No local cloud answers at ${cloud}. Start one with: npm start -- --inspect. Name another console with --console URL.`,
      {
        cause: error,
      },
    );
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail);
  return answer;
}
