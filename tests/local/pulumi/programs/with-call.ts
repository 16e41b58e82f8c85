import * as aws from "@pulumi/aws";

const provider = new aws.Provider("ireland", { region: "eu-west-1" });
export const account = aws.getCallerIdentityOutput({}, { provider }).accountId;
