import { startErrorText } from "./aws/lambda/start-trials";
import type { FunctionName } from "./aws/lambda/functions-options";
import type { FunctionError } from "./aws/lambda/runtime-api";
import type { ConsoleProblem } from "./console/state";
import { withoutSuffix } from "./log-lines";

/** Problems that the operator must fix: a change that could not be applied, and functions that do not start. */
export class Problems {
  /** Receives the problem to show after each change; undefined without one. */
  onChange: ((problem: ConsoleProblem | undefined) => void) | undefined;
  private ofUpdate: ConsoleProblem | undefined;
  /** Reasons by ARN of the function. */
  private readonly failedStarts = new Map<string, { readonly name: string; readonly reason: string }>();

  /** @param report receives lines for the terminal. */
  constructor(private readonly report: (text: string) => void) {}

  /** Problem to show: first the one of the last update, because fixing it changes functions, too. */
  get current(): ConsoleProblem | undefined {
    return this.ofUpdate ?? this.ofFunctions();
  }

  /** @param problem of the last update; undefined if it succeeded. */
  noteUpdate(problem: ConsoleProblem | undefined): void {
    this.change(() => (this.ofUpdate = problem));
  }

  /** @param error why the function does not start; undefined once it starts, has changed, or is deleted. */
  noteStart({ arn, name }: FunctionName, error: FunctionError | undefined): void {
    const known = this.failedStarts.get(arn);
    if (!error && !known) return;
    const reason = error && startErrorText(error);
    if (reason !== undefined && reason !== known?.reason)
      this.report(`${withoutSuffix(name)} does not start. ${reason}`);
    this.change(() => {
      if (reason === undefined) this.failedStarts.delete(arn);
      else this.failedStarts.set(arn, { name: withoutSuffix(name), reason });
    });
  }

  private change(apply: () => void): void {
    const before = JSON.stringify(this.current);
    apply();
    if (JSON.stringify(this.current) !== before) this.onChange?.(this.current);
  }

  private ofFunctions(): ConsoleProblem | undefined {
    const failed = [...this.failedStarts.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
    if (failed.length === 0) return undefined;
    const names = failed.map(({ name }) => name).join(", ");
    const reasons = [...new Set(failed.map(({ reason }) => reason))].join("\n\n");
    return {
      title: failed.length === 1 ? `${names} does not start` : `${names} do not start`,
      detail: `${reasons}\n\nEvery invocation fails until the code is fixed.`,
    };
  }
}
