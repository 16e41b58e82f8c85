import { startLambda } from "./lambda-fixture";

// Program that runs an endless invocation until it is killed. It prints the function's process id and its directory.
startLambda().then(async ({ lambda, deploy, directory, logged }) => {
  const code =
    "exports.handler = () => new Promise((r) => { console.log(process.pid); setTimeout(r, 60000); });";
  const { outputs } = await deploy(code, { timeout: 60 });
  const report = setInterval(() => {
    const pid = logged[0]?.split(": ")[1];
    if (pid === undefined) return;
    clearInterval(report);
    console.log(`${pid} ${directory}`);
  }, 10);
  await lambda.invoke(outputs.arn as string, {});
});
