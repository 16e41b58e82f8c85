import { render } from "preact";
import { App } from "./app";
import { freshFetch } from "./data/fresh-fetch";
import { loadUiConfig, UiConfigError } from "./data/ui-config";
import { startApp } from "./start-page";
import { SetupProblem } from "./setup-problem";

const root = document.getElementById("page");
if (!root) throw new Error("index.html has no element with the id page.");
void start(root);

async function start(root: HTMLElement): Promise<void> {
  try {
    const config = await loadUiConfig(freshFetch);
    render(<App app={startApp(config)} />, root);
  } catch (error) {
    if (!(error instanceof UiConfigError)) throw error;
    render(<SetupProblem detail={error.message} retry={() => void start(root)} />, root);
  }
}
