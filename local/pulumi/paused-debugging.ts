import type { Session } from "node:inspector";

/** Time without a question after which an inspector stops debugging, in milliseconds. */
const IDLE_MS = 1000;

/** Lets an inspector debug only while it is asked. Pulumi leaves it on, which makes every later promise of the process slower. */
export class PausedDebugging {
  private isPaused = false;
  private timer: NodeJS.Timeout | undefined;

  /** Lets a session, which was debugging at the first call, debug until it has not been asked for a second. */
  resume(session: Pick<Session, "post">): void {
    if (this.isPaused) session.post("Debugger.enable");
    this.isPaused = false;
    this.timer ??= setTimeout(() => this.pause(session), IDLE_MS).unref();
    this.timer.refresh();
  }

  private pause(session: Pick<Session, "post">): void {
    session.post("Debugger.disable");
    this.isPaused = true;
  }
}
