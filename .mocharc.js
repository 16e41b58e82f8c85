module.exports = {
  require: ["./scripts/typescript/register.js", "./tests/support/global-setup.js"],
  extension: ["ts"],
  // Timeout for hanging tests. It exceeds the 60 s of waitFor, so that waitFor can report what it waited for. It does not measure speed.
  timeout: 120_000,
  forbidOnly: true,
  forbidPending: Boolean(process.env.CI),
};
