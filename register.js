// What every command of the project needs before its first TypeScript file.

// The AWS SDK warns at every start about Node versions that it will not support in 2027.
const emitWarning = process.emitWarning.bind(process);
process.emitWarning = (warning, ...more) => {
  if (!String(warning).startsWith("NodeVersionSupportWarning")) emitWarning(warning, ...more);
};

require("ts-node").register({ transpileOnly: true, transpiler: require.resolve("./transpiler") });
