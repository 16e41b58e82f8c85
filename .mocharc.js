module.exports = {
  require: ["./scripts/typescript/register.js", "./tests/support/global-setup.js"],
  extension: ["ts"],
  // A bound for what hangs, above the 30 s of waitFor, whose message says what was waited for. No measure of speed.
  timeout: 60_000,
  forbidOnly: true,
  forbidPending: Boolean(process.env.CI),
};
