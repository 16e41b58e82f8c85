// Records the states of all stacks as the program of this project deploys them, for the tests of the next release: npm run engine:record
require("../../../scripts/typescript/register");
const { record } = require("./record");

record(process.argv[2]).then(
  (directory) => console.log(`Recorded in ${directory}`),
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
