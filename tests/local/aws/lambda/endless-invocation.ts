import { startLambda } from "./lambda-fixture";

const ENDLESS =
  "exports.handler = () => new Promise((r) => { console.log(process.pid); setTimeout(r, 60000); });";
const SHORT = "exports.handler = async () => console.log(process.pid);";

// Program that runs an endless invocation until it is killed; with the argument `idle`, a short invocation, after which the function is
// idle. It prints the function's process id and its directory.
startLambda().then(async ({ lambda, deploy, directory, logged }) => {
  const { outputs } = await deploy(process.argv[2] === "idle" ? SHORT : ENDLESS, { timeout: 60 });
  const report = setInterval(() => {
    const pid = logged[0]?.split(": ")[1];
    if (pid === undefined) return;
    clearInterval(report);
    console.log(`${pid} ${directory}`);
  }, 10);
  await lambda.invoke(outputs.arn as string, {});
});
