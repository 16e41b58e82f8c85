import { reasonOf } from "../../command-line/command-error";
import { probeHealth, type ProbeResult, probeResult } from "../../functions/sentinel/health-probe";
import type { DeployedRegion } from "../cli/deployed-regions";
import type { Deployment } from "../cli/deployment";
import type { Lookup } from "../routing/dns";
import { ok, warning, wrong, type Finding } from "./finding";
import type { getFile } from "./get-file";
import { checkUi, type CheckedUi, type ReadFile } from "./ui-files";

/** What the checks read from; replaced in tests. */
export interface SmokeSources {
  readonly deployment: Deployment;
  readonly lookup: Pick<Lookup, "addresses">;
  readonly get: typeof getFile;
  /** Reads an object of the UI bucket of a region. @throws Error with a short reason if it is missing. */
  readonly object: (region: DeployedRegion, key: string) => Promise<string>;
}

/** Runs all checks at once. Nothing is written. */
export async function smokeChecks(sources: SmokeSources): Promise<Finding[]> {
  const { regions, naming } = sources.deployment;
  const findings = await Promise.all([
    ...regions.map(apiFinding),
    ...(naming.domain === undefined ? [] : [failoverFinding(sources, naming.domain)]),
    ...webUis(sources.deployment).map((webUi) => webUiFindings(sources, webUi)),
    copyFindings(sources),
  ]);
  return findings.flat();
}

/** Address of a web UI, and the region whose website it is; without a region, either one may respond. */
interface WebUi {
  readonly url: string;
  readonly region?: DeployedRegion;
}

/** Returns the distribution, or the website of each region. */
export function webUis({ naming, regions }: Deployment): WebUi[] {
  if (naming.appUrl !== undefined) return [{ url: naming.appUrl }];
  return regions.flatMap((region) => (region.ui === undefined ? [] : [{ url: region.ui, region }]));
}

async function apiFinding({ name, code, api }: DeployedRegion): Promise<Finding> {
  const what = `The API of ${name} (${code}), ${api}/health`;
  return healthFinding(what, await probeHealth(api, code));
}

async function failoverFinding(
  { deployment: { regions, naming }, lookup, get }: SmokeSources,
  domain: string,
): Promise<Finding> {
  const host = `api.${domain}`;
  const url = `${naming.local?.urls[host] ?? `https://${host}`}/health`;
  const what = `The failover URL, ${url}`;
  const addresses = await lookup.addresses(host);
  if (addresses.length === 0)
    return wrong(
      `${what}: DNS returned no address.`,
      "Check the delegation of the domain: docs/deploy.md describes it.",
    );
  try {
    const { status, text } = await get(url, { addresses, ca: naming.local?.ca });
    const body = jsonOf(text);
    // Either region may serve.
    const { code } = regions.find((region) => region.code === body?.region) ?? regions[0];
    return healthFinding(what, probeResult(status, body, code));
  } catch (error) {
    return healthFinding(what, { ok: false, reason: reasonOf(error) });
  }
}

function healthFinding(what: string, { ok: isHealthy, reason }: ProbeResult): Finding {
  if (isHealthy) return ok(`${what}, is healthy.`);
  return wrong(`${what}: ${reason}.`, "See which region is unhealthy and what to do: npm run status");
}

function jsonOf(text: string): { readonly region?: unknown } | undefined {
  try {
    return (JSON.parse(text) ?? undefined) as { readonly region?: unknown } | undefined;
  } catch {
    // A proxy may respond with HTML; the status is sufficient.
    return undefined;
  }
}

async function webUiFindings({ deployment, get }: SmokeSources, { url, region }: WebUi): Promise<Finding[]> {
  const read: ReadFile = async (key) => {
    // As a browser does, which opens the address without a file name.
    const { status, type, text } = await get(`${url}/${key === "index.html" ? "" : encodeURI(key)}`);
    if (status !== 200) throw new Error(`it returned ${status}`);
    if (type === "text/html" && key !== "index.html") throw new Error("it returned an HTML page");
    return text;
  };
  const of = region ? ` of ${region.name}` : "";
  const fix = `Check the two copies below, and that the stack is up to date: ${updateCommand(deployment)}`;
  return uiFindings(await checkUi(read, deployment.regions, region), `The web UI${of} at ${url}`, fix);
}

/** Checks the copy in the bucket of each region. A distribution hides a damaged copy, because it reads the other one. */
async function copyFindings({ deployment, object }: SmokeSources): Promise<Finding[]> {
  const { regions } = deployment;
  const copies = await Promise.all(
    regions.map((region) => checkUi((key) => object(region, key), regions, region)),
  );
  const [first, second] = copies;
  const fix = `Upload it again: ${updateCommand(deployment)}. If access is denied, allow s3:GetObject and s3:ListBucket for this bucket.`;
  return [
    ...copies.flatMap((copy, index) => {
      const { name, uiBucket } = regions[index];
      return uiFindings(copy, `The copy of the web UI in ${name}, bucket ${uiBucket}`, fix);
    }),
    ...(first.index !== undefined && second.index !== undefined && first.index !== second.index
      ? [
          warning(
            `The index.html of ${regions[0].name} and of ${regions[1].name} differ: a release has reached only one region.`,
            `Complete the release: ${updateCommand(deployment)}`,
          ),
        ]
      : []),
  ];
}

function uiFindings({ keys, faults }: CheckedUi, what: string, fix: string): Finding[] {
  if (faults.length === 0) return [ok(`${what}: ${keys.length} files, and the APIs of both regions.`)];
  return faults.map(({ key, reason }) => wrong(`${what}: ${key} ${reason}.`, fix));
}

/** Command that uploads missing files. Without a refresh, Pulumi does not detect that an object is missing. */
function updateCommand({ stack, givenStack, naming }: Deployment): string {
  return naming.local
    ? "restart the local cloud with npm start"
    : `pulumi up --refresh --stack ${givenStack ?? stack}`;
}
