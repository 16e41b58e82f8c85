// Child processes that end together with this process: each one leads a process group, and a signal reaches all groups.
const { spawn } = require("node:child_process");
const { once } = require("node:events");
const { constants } = require("node:os");
const { join } = require("node:path");
const { setTimeout } = require("node:timers");

const PROJECT = join(__dirname, "..", "..");
/** Time for an orderly end after a first signal. A second signal ends everything at once. */
const GRACE_MILLISECONDS = 10_000;

/** Process ids of the leaders, each with a promise of its end. */
const groups = new Map();
let isStopping = false;

/** Starts a command in the project's folder, in a process group of its own. */
exports.start = (command, args, options) => {
  const child = spawn(command, args, { cwd: PROJECT, ...options, detached: true });
  if (child.pid === undefined) return child;
  const ended = once(child, "exit").then(() => {
    if (!isStopping) groups.delete(child.pid);
  });
  groups.set(child.pid, ended);
  return child;
};

/** Whether a signal has arrived, after which nothing more is started. */
exports.isStopping = () => isStopping;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => void stop(signal));

async function stop(signal) {
  if (isStopping) return signalAll("SIGKILL");
  isStopping = true;
  signalAll(signal);
  setTimeout(() => signalAll("SIGKILL"), GRACE_MILLISECONDS).unref();
  await Promise.all(groups.values());
  // What a leader started can outlive it.
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
