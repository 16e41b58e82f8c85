// Runtime of a function: loads the handler, then gets events from the Runtime API, one at a time, and posts each result.
// Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"use strict";

const { Buffer } = require("node:buffer");
const dns = require("node:dns");
const { existsSync, readSync } = require("node:fs");
const http = require("node:http");
const { Socket } = require("node:net");
const os = require("node:os");
const { basename, dirname, join, resolve } = require("node:path");
const { setImmediate } = require("node:timers");
const { pathToFileURL } = require("node:url");

const API = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

/** Running invocation: its id, and a callback for when the event loop becomes empty before the handler has returned a result. */
let current;

main();

async function main() {
  exitWithParent();
  suppressNodeVersionWarning();
  useEmptyHome();
  useLocalDns();
  process.on("uncaughtException", (error) => crash(error, error?.name));
  process.on("unhandledRejection", (reason) => crash(reason, "Runtime.UnhandledPromiseRejection"));
  process.on("beforeExit", () => current?.onEventLoopEmpty());
  const handler = await loadHandler().catch((error) => failInit(error));
  for (;;) await handleNext(handler);
}

/**
 * Exits when the parent exits: the parent holds the other end of this pipe, which closes however the parent ends. Freezes for each byte
 * that the parent writes. Ctrl-C is ignored, because the parent stops its children itself.
 */
function exitWithParent() {
  const lifeline = new Socket({ fd: 3 });
  lifeline.once("close", () => process.exit(1));
  lifeline.once("error", () => process.exit(1));
  lifeline.on("data", (bytes) => bytes.forEach(freeze));
  lifeline.unref();
  process.on("SIGINT", () => {});
}

/**
 * Stops the event loop until the parent writes a byte to another pipe: no timer, promise or event of the function runs meanwhile. Ends the
 * process if the parent has exited.
 */
function freeze() {
  if (readSync(4, Buffer.alloc(1)) === 0) process.exit(1);
}

/** Makes `dns.resolve` and related functions find the names of the local hosted zones. `dns.lookup` still uses the system. */
function useLocalDns() {
  const [, , server] = process.argv;
  if (server !== undefined) dns.setServers([server]);
}

/** Suppresses the AWS SDK's warning about old Node.js versions: on AWS the function's runtime has a newer version. */
function suppressNodeVersionWarning() {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = (warning, ...more) => {
    if (!String(warning).startsWith("NodeVersionSupportWarning")) emitWarning(warning, ...more);
  };
}

/** Prevents the SDK from reading `.aws/config` in the user's home, which the system returns even without HOME. On AWS the home is empty. */
function useEmptyHome() {
  os.homedir = () => "/home/sbx_user1051";
}

async function loadHandler() {
  const [, moduleName, exportName] = /^(.*?)\.([^/]+)$/.exec(basename(process.env._HANDLER));
  const root = join(process.env.LAMBDA_TASK_ROOT, dirname(process.env._HANDLER), moduleName);
  const file = [root, `${root}.js`, `${root}.mjs`, `${root}.cjs`].find((path) => existsSync(path));
  if (file === undefined)
    throw named("Runtime.ImportModuleError", `Error: Cannot find module '${moduleName}'`);
  const exported = await loadModule(resolve(file));
  const handler = exportName.split(".").reduce((value, key) => value?.[key], exported);
  if (handler === undefined)
    throw named("Runtime.HandlerNotFound", `${process.env._HANDLER} is undefined or not exported`);
  if (typeof handler !== "function")
    throw named("Runtime.HandlerNotFound", `${process.env._HANDLER} is not a function`);
  if (handler.length >= 3 && !supportsCallbacks())
    throw named(
      "Runtime.CallbackHandlerDeprecated",
      "AWS Lambda has removed support for callback-based function handlers starting with Node.js 24: return a promise or a value instead.",
    );
  return handler;
}

/**
 * Returns whether the declared runtime supports handlers `(event, context, callback)`, which AWS recognizes by the number of parameters.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
function supportsCallbacks() {
  return Number(/nodejs(\d+)/.exec(process.env.AWS_EXECUTION_ENV)[1]) < 24;
}

async function loadModule(file) {
  try {
    return file.endsWith(".mjs") ? await import(pathToFileURL(file).href) : require(file);
  } catch (error) {
    if (error?.code === "ERR_REQUIRE_ESM") return import(pathToFileURL(file).href);
    if (error?.code === "MODULE_NOT_FOUND" || error?.code === "ERR_MODULE_NOT_FOUND")
      throw named("Runtime.ImportModuleError", `Error: ${error.message}`, error);
    if (error instanceof SyntaxError)
      throw named("Runtime.UserCodeSyntaxError", `SyntaxError: ${error.message}`, error);
    throw error;
  }
}

async function handleNext(handler) {
  const { headers, body } = await call("GET", "/invocation/next");
  const requestId = headers["lambda-runtime-aws-request-id"];
  process.env._X_AMZN_TRACE_ID = headers["lambda-runtime-trace-id"];
  try {
    const result = await run(handler, JSON.parse(body), headers, requestId);
    await call("POST", `/invocation/${requestId}/response`, serialize(result));
  } catch (error) {
    console.error(error);
    await call("POST", `/invocation/${requestId}/error`, JSON.stringify(described(error)));
  } finally {
    current = undefined;
  }
}

/** Runs the handler, which returns a promise or, from Node.js 24 on, a value. Before Node.js 24 it may use a callback instead. */
function run(handler, event, headers, requestId) {
  return new Promise((succeed, fail) => {
    current = { requestId, onEventLoopEmpty: () => succeed(null) };
    const context = contextOf(headers, requestId);
    if (!supportsCallbacks()) return succeed(handler(event, context));
    context.callbackWaitsForEmptyEventLoop = true;
    const callback = (error, result) => {
      const end = () => (error ? fail(error) : succeed(result));
      if (context.callbackWaitsForEmptyEventLoop) current.onEventLoopEmpty = end;
      else setImmediate(end);
    };
    const returned = handler(event, context, callback);
    if (typeof returned?.then === "function") returned.then(succeed, fail);
  });
}

function contextOf(headers, requestId) {
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  return {
    awsRequestId: requestId,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  };
}

function serialize(result) {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? "null";
  } catch {
    throw named("Runtime.MarshalError", "Unable to stringify response body");
  }
}

async function failInit(error) {
  console.error(error);
  await call("POST", "/init/error", JSON.stringify(described(error)));
  process.exit(1);
}

async function crash(error, errorType) {
  console.error(error);
  const path = current ? `/invocation/${current.requestId}/error` : "/init/error";
  await call(
    "POST",
    path,
    JSON.stringify({ ...described(error), errorType: errorType ?? "Error" }),
    new http.Agent(),
  );
  process.exit(128);
}

function described(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? "").split("\n") };
}

function named(name, message, cause) {
  return Object.assign(new Error(message, { cause }), { name });
}

/** Calls the Runtime API. Exits if it is unavailable, because then the parent has exited. */
function call(method, path, body, over = agent) {
  return new Promise((succeed) => {
    const request = http.request(`${API}${path}`, { method, agent: over }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () =>
        succeed({ headers: response.headers, body: Buffer.concat(chunks).toString() }),
      );
      response.on("error", () => process.exit(1));
    });
    request.on("error", () => process.exit(1));
    if (body !== undefined)
      request
        .setHeader("Content-Type", "application/json")
        .setHeader("Content-Length", Buffer.byteLength(body));
    request.end(body);
  });
}
