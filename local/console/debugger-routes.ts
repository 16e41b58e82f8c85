import { PortInUseError } from "../aws/listen";
import type { LocalLambda } from "../aws/lambda/lambda";
import type { Regions } from "../aws/regions";
import { withoutSuffix } from "../log-lines";
import { memberOf } from "./http/change-body";
import { type Route, RouteError } from "./http/route";

/** Sources of the routes of functions and their debuggers. */
export interface DebuggerSources {
  readonly lambda: Pick<LocalLambda, "list" | "debuggers">;
  readonly regions: Regions;
  /** Whether debuggers may be opened. */
  readonly isEnabled: boolean;
}

/** Function with the names under which it is found. */
interface NamedFunction {
  readonly arn: string;
  /** Such as `ireland-api-health`. */
  readonly name: string;
  /** The name with the suffix that makes it unique. */
  readonly functionName: string;
  /** Alias. */
  readonly region: string;
}

const BODY =
  'The body must be {"state": "open"}, also with "port" from 1024 to 65535, or {"state": "closed"}.';

/** Returns the routes that list the functions, and open and close their debuggers. */
export function debuggerRoutes(sources: DebuggerSources): Route[] {
  const described = ({ arn, ...names }: NamedFunction): object => ({
    ...names,
    debugger: stateOf(arn, sources),
  });
  return [
    { path: "/functions", get: () => ({ functions: functionsOf(sources).map(described) }) },
    {
      path: "/functions/{name}/debugger",
      get: ({ path }) => stateOf(functionNamed(path.name, sources).arn, sources),
      post: async ({ path }, body) => {
        const found = functionNamed(path.name, sources);
        await change(found, body, sources);
        return stateOf(found.arn, sources);
      },
    },
  ];
}

function stateOf(arn: string, { lambda }: DebuggerSources): object {
  const opened = lambda.debuggers.get(arn);
  return opened
    ? {
        state: "open",
        ...opened.addresses,
        isPaused: opened.isPaused,
        command: `node inspect 127.0.0.1:${opened.addresses.port}`,
      }
    : { state: "closed" };
}

async function change(
  { arn, region, name }: NamedFunction,
  body: unknown,
  sources: DebuggerSources,
): Promise<void> {
  const { debuggers } = sources.lambda;
  const [state, port = 0] = [memberOf(body, "state"), memberOf(body, "port")];
  const isPort =
    port === 0 || (Number.isInteger(port) && (port as number) >= 1024 && (port as number) <= 65_535);
  if (!isPort || (state !== "open" && state !== "closed")) throw new RouteError(400, BODY);
  if (!sources.isEnabled)
    throw new RouteError(409, "Debuggers are off. Restart the local cloud with: npm start -- --inspect");
  if (state === "closed") return debuggers.close(arn);
  const opened = debuggers.get(arn);
  // An editor asks for the port that it connects to.
  if (opened && port !== 0 && opened.addresses.port !== port) await debuggers.close(arn);
  await debuggers.open(arn, `${region} ${name}`, port as number).catch((error: Error) => {
    if (!(error instanceof PortInUseError)) throw error;
    throw new RouteError(
      409,
      `Port ${error.port} is in use, perhaps by the debugger of another function. Use another port.`,
    );
  });
}

function functionsOf({ lambda, regions }: DebuggerSources): NamedFunction[] {
  const named = lambda.list().map(({ arn, name, region }) => ({
    arn,
    name: withoutSuffix(name),
    functionName: name,
    region: regions.byCode(region).name,
  }));
  return named.sort((one, other) => (one.functionName < other.functionName ? -1 : 1));
}

/** @throws RouteError 404 if there is no function of the name, 409 if there are several. */
function functionNamed(name: string, sources: DebuggerSources): NamedFunction {
  const all = functionsOf(sources);
  const found = all.filter((one) => one.functionName === name || one.name === name);
  if (found.length === 1) return found[0];
  if (found.length === 0)
    throw new RouteError(
      404,
      `There is no function ${name}. Functions: ${all.map((one) => one.name).join(", ")}.`,
    );
  throw new RouteError(
    409,
    `Several functions have the name ${name}: ${found.map((one) => one.functionName).join(", ")}.`,
  );
}
