import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { automation } from "@pulumi/pulumi";
import { findPulumi, pulumiProblem } from "../../../local/pulumi/engine/pulumi-cli";
import { makeDirectory } from "../../../shared/make-directory";

/** The Pulumi CLI, started by a script that keeps the id of its process. */
export class KillableCli {
  private constructor(
    readonly command: automation.PulumiCommand,
    /** Folder of the command `pulumi`. */
    readonly directory: string,
    private readonly pidFile: string,
  ) {}

  static async create(root: string): Promise<KillableCli> {
    const pulumi = findPulumi();
    if (pulumi === undefined) throw new Error(pulumiProblem());
    const pidFile = join(root, "pid");
    makeDirectory(join(root, "bin"));
    const script = `#!/bin/sh\necho $$ > '${pidFile}'\nexec '${pulumi}' "$@"\n`;
    writeFileSync(join(root, "bin", "pulumi"), script, { mode: 0o755 });
    return new KillableCli(await automation.PulumiCommand.get({ root }), join(root, "bin"), pidFile);
  }

  kill(): void {
    process.kill(Number(readFileSync(this.pidFile, "utf8")), "SIGKILL");
  }
}
