// Entry point of the console page: requests the state twice a second, shows it, and sends the changes that the buttons request.

import { element, keyedList, link, setAttribute, setText } from "./dom.js";
import { regionCards } from "./regions.js";
import { replicationTable } from "./replication.js";
import { routingLists } from "./routing.js";
import { timelineList } from "./timeline.js";

const INTERVAL_MS = 500;
/** Time limit of a request. */
const REQUEST_TIMEOUT_MS = 5_000;

const byId = (id) => document.getElementById(id);
const showRegions = regionCards(byId("regions"), changeState);
const showReplication = replicationTable(byId("replication"), byId("lag-charts"), byId("replication-errors"));
const showRouting = routingLists(byId("names"), byId("health-checks"));
const showTimeline = timelineList(byId("timeline"));
const showGatewayLinks = keyedList(byId("gateway-links"), ([name, url]) => ({
  node: element("li", {}, `${name}: `, link(url)),
  update: () => undefined,
}));

function show(state) {
  showRegions(state.regions);
  showReplication(state);
  showRouting(state);
  showTimeline(state.events);
  showGatewayLinks(Object.entries(state.frontDoor), ([, url]) => url);
  byId("in-this-browser").hidden = !state.domain;
  byId("routing").hidden = !state.domain;
  setText(byId("summary"), summaryOf(state));
}

function summaryOf({ stack, domain, speed }) {
  const where = domain ? `domain ${domain}` : "no domain";
  return `Stack ${stack}, ${where}${speed === 1 ? "" : `, ${speed} times real speed`}`;
}

/** Shows whether the console responds, or why the last change failed. */
function showContact(text, isProblem) {
  setText(byId("contact"), text);
  setAttribute(byId("contact"), "class", isProblem ? "bad" : "good");
  setAttribute(document.body, "data-contact", isProblem ? "lost" : "live");
}

/** Whether the last change failed. Its error stays visible until the next change. */
let failedChange = false;

/** Requests the state and shows it. */
async function refresh() {
  try {
    const response = await fetch("/state", { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    if (!response.ok) throw new Error(await problemOf(response));
    show(await response.json());
    if (!failedChange) showContact("Live", false);
  } catch (error) {
    failedChange = false;
    // A fetch without a response, or without one in time, throws a TypeError or DOMException.
    const isResponse = error.name === "Error";
    showContact(isResponse ? error.message : "No response, retrying", true);
  }
}

async function changeState(region, state) {
  failedChange = false;
  try {
    const response = await fetch(`/regions/${region}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ state }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(await problemOf(response));
  } catch (error) {
    failedChange = true;
    showContact(`Changing ${region} failed: ${error.message}`, true);
  }
  await refresh();
}

/** Returns the detail of problem details (RFC 9457), or the status. */
async function problemOf(response) {
  const problem = await response.json().catch(() => ({}));
  return problem.detail ?? `The console returned status ${response.status}.`;
}

async function keepRefreshing() {
  await refresh();
  setTimeout(keepRefreshing, INTERVAL_MS);
}

void keepRefreshing();
