// Starts child processes that end with this process. Each child leads a process group, and a signal is sent to all groups.
const { spawn } = require("node:child_process");
const { once } = require("node:events");
const { constants } = require("node:os");
const { join } = require("node:path");
const { setTimeout } = require("node:timers");

const PROJECT = join(__dirname, "..", "..");
/** Time for an orderly shutdown after the first signal. A second signal ends all groups immediately. */
const GRACE_MILLISECONDS = 10_000;

/** Exit promises of the group leaders by process id. */
const groups = new Map();
let isStopping = false;

/** Starts a command in the project folder, in its own process group. */
exports.start = (command, args, options) => {
  const child = spawn(command, args, { cwd: PROJECT, ...options, detached: true });
  if (child.pid === undefined) return child;
  const ended = once(child, "exit").then(() => {
    if (!isStopping) groups.delete(child.pid);
  });
  groups.set(child.pid, ended);
  return child;
};

/** Whether a signal was received. No process is started after it. */
exports.isStopping = () => isStopping;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => void stop(signal));
// The reader of the output has closed it, as `| head` does. Every further write fails too.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", () => {
    if (!isStopping) void stop("SIGTERM");
  });

async function stop(signal) {
  if (isStopping) return signalAll("SIGKILL");
  isStopping = true;
  signalAll(signal);
  setTimeout(() => signalAll("SIGKILL"), GRACE_MILLISECONDS).unref();
  await Promise.all(groups.values());
  // Children of a leader can outlive it.
  signalAll("SIGKILL");
  process.exit(128 + constants.signals[signal]);
}

function signalAll(signal) {
  for (const leader of groups.keys()) {
    try {
      process.kill(-leader, signal);
    } catch {
      // The group has ended.
    }
  }
}
