import type { Addresses } from "./addresses";

/** The addresses of a running local cloud for a person: what a browser opens first, then each region, then the rest. */
export function addressTable(addresses: Addresses): string {
  const { regions, frontDoor, console: url } = addresses;
  const rows: [label: string, value: string][] = [["console", url]];
  // Only the names under localhost open in an ordinary browser.
  for (const [name, address] of Object.entries(frontDoor)) rows.push([name, address]);
  for (const { name, ui, api, dynamodb, table } of Object.values(regions)) {
    if (ui !== undefined) rows.push([`${name} web UI`, ui]);
    rows.push([`${name} API`, `${api}/tickets`]);
    rows.push([`${name} DynamoDB`, `${dynamodb}, table ${table}`]);
  }
  rows.push(...domainRows(addresses));
  const width = Math.max(...rows.map(([label]) => label.length));
  const lines = rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`);
  return ["", ...lines, "", "Press Ctrl-C to stop.", ""].join("\n");
}

function domainRows({ dns, names, caFile }: Addresses): [label: string, value: string][] {
  if (dns === null || caFile === null) return [];
  const [url] = Object.values(names);
  return [
    ["DNS", `${dns}, resolves ${Object.keys(names).join(", ")}`],
    ...(url === undefined ? [] : [["HTTPS", `port ${new URL(url).port} of each name`] as [string, string]]),
    ["CA certificate", caFile],
  ];
}
