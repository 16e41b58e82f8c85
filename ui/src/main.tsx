import { render } from "preact";
import { App } from "./app";
import { freshFetch } from "./data/fresh-fetch";
import { loadPageConfig, PageConfigError } from "./data/ui-config";
import { startPage } from "./start-page";
import { SetupProblem } from "./setup-problem";

const root = document.getElementById("page");
if (!root) throw new Error("index.html has no element with the id page.");
void start(root);

async function start(root: HTMLElement): Promise<void> {
  try {
    const config = await loadPageConfig(freshFetch);
    render(<App page={startPage(config)} />, root);
  } catch (error) {
    if (!(error instanceof PageConfigError)) throw error;
    render(<SetupProblem detail={error.message} retry={() => void start(root)} />, root);
  }
}
