import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import { CommandError, reasonOf } from "../../command-line/command-error";
import { noCredentials } from "./aws-credentials";

/**
 * Returns account and principal of the credentials of a client. The call needs no permission.
 * @throws CommandError if there are no credentials, or STS rejects them.
 */
export async function callerIdentity(sts: STSClient): Promise<{ account: string; arn: string }> {
  await sts.config.credentials().catch(noCredentials);
  try {
    const { Account = "", Arn = "" } = await sts.send(new GetCallerIdentityCommand({}));
    return { account: Account, arn: Arn };
  } catch (error) {
    throw new CommandError(
      `STS does not confirm the AWS credentials (${reasonOf(error)}); sign in again, for example with aws sso login, or set AWS_PROFILE.`,
      { cause: error },
    );
  }
}
