import { startLambda } from "./lambda-fixture";

// A local cloud that runs a function without end, to be killed: it tells the function's process and its directory on stdout.
startLambda().then(async ({ lambda, deploy, directory, logged }) => {
  const code =
    "exports.handler = () => new Promise((r) => { console.log(process.pid); setTimeout(r, 60000); });";
  const { outputs } = await deploy(code, { timeout: 60 });
  const told = setInterval(() => {
    const pid = logged[0]?.split(": ")[1];
    if (pid === undefined) return;
    clearInterval(told);
    console.log(`${pid} ${directory}`);
  }, 10);
  await lambda.invoke(outputs.arn as string, {});
});
