import { App } from "./app";
import { byId, setMessage } from "./dom";
import { freshFetch } from "./fresh-fetch";
import { PageConfigError, loadPageConfig } from "./page-config";

const retry = byId("setup-retry", HTMLButtonElement);
retry.addEventListener("click", () => void start());
void start();

async function start(): Promise<void> {
  const problem = byId("setup-problem", HTMLElement);
  try {
    new App(await loadPageConfig(freshFetch));
    problem.hidden = true;
  } catch (error) {
    if (!(error instanceof PageConfigError)) throw error;
    setMessage(byId("setup-problem-detail", HTMLElement), error.message);
    problem.hidden = false;
  }
}
