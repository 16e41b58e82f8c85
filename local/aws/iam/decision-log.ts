import { open, type FileHandle } from "node:fs/promises";
import type { RequestContext } from "./conditions";

/** Decision on one call, by the role's inline policies and the policy of the resource. */
export interface Evaluation {
  readonly roleArn: string;
  /** IAM action, such as `dynamodb:GetItem`. */
  readonly action: string;
  /** ARN, or `*` for an action without a resource. */
  readonly resource: string;
  /** Condition keys of the request, with those of the principal. */
  readonly context: RequestContext;
  readonly allowed: boolean;
  /** Source of a denial: the policies of the role, or that of the queue or bucket. Absent for a call that is allowed. */
  readonly deniedBy?: "role" | "resource";
}

/** File with every decision in order, one line of JSON each. */
export class DecisionLog {
  private writing: Promise<unknown> = Promise.resolve();
  private pending = "";
  private failure: Error | undefined;

  private constructor(private readonly file: FileHandle) {}

  /** Creates the file, or empties an earlier one. Other users of the machine cannot read it. @throws Error if it cannot be written. */
  static async create(path: string): Promise<DecisionLog> {
    try {
      return new DecisionLog(await open(path, "w", 0o600));
    } catch (error) {
      throw new Error(
        `The file ${path} for IAM decisions cannot be written: ${(error as Error).message}. ` +
          "Give --iam-log a file in a folder that exists and is writable.",
        { cause: error },
      );
    }
  }

  /** Adds an evaluation. The caller does not wait until it is written. */
  readonly add = (evaluation: Evaluation): void => {
    const isWaiting = this.pending !== "";
    this.pending += `${JSON.stringify(evaluation)}\n`;
    if (!isWaiting) this.writing = this.writing.then(() => this.writePending());
  };

  /** Writes what is pending and closes the file. @throws Error if the file is incomplete. */
  async close(): Promise<void> {
    await this.writing;
    await this.file.close();
    if (this.failure) throw new Error(`The file of --iam-log is incomplete: ${this.failure.message}`);
  }

  private async writePending(): Promise<void> {
    const lines = this.pending;
    this.pending = "";
    try {
      await this.file.appendFile(lines);
    } catch (error) {
      this.failure ??= error as Error;
    }
  }
}
