import type { Addresses } from "./addresses";
import { LocalCloud } from "./cloud";
import { CommandLine, HELP, readCommandLine } from "./options";

/**
 * The command `npm start`: starts the local cloud, prints where everything is, and stays up until it is stopped.
 * @param args the command line without the program's name.
 */
export async function main(args: readonly string[]): Promise<void> {
  try {
    const commandLine = readCommandLine(args);
    if (commandLine.help) console.log(HELP);
    else await run(commandLine);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}

async function run(commandLine: CommandLine): Promise<void> {
  const stopped = stopSignal();
  // With --json standard output carries the addresses alone.
  const say = commandLine.json ? console.error : console.log;
  const cloud = await LocalCloud.start(commandLine, {
    log: (source, line) => say(`${source}: ${line}`),
    progress: (step) => say(`${step} …`),
  });
  console.log(commandLine.json ? JSON.stringify(cloud.addresses) : addressTable(cloud.addresses));
  await stopped;
  say("Stopping …");
  await cloud.close();
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
  });
}

function addressTable({ regions, names, dns, frontDoor, caFile, console: url }: Addresses): string {
  const rows: [string, string][] = [["Console", url]];
  for (const region of Object.values(regions)) {
    rows.push([`${region.name} page`, region.ui]);
    rows.push([`${region.name} API`, `${region.api}/tickets`]);
    rows.push([`${region.name} DynamoDB`, `${region.dynamodb}  table ${region.table}`]);
  }
  if (dns) rows.push(["DNS", `${dns}  ${Object.keys(names).join(", ")}`]);
  for (const [name, address] of Object.entries(frontDoor)) rows.push([name, `${address}  in a browser`]);
  const api = Object.values(names)[0];
  if (api && caFile) rows.push(["HTTPS", `port ${new URL(api).port}, certificate authority ${caFile}`]);
  const width = Math.max(...rows.map(([label]) => label.length));
  const lines = rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`);
  return ["", ...lines, "", "Ctrl-C stops it.", ""].join("\n");
}
