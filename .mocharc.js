module.exports = {
  require: ["./register.js", "./tests/support/build-ui.js", "./tests/support/unpack-browser.js"],
  extension: ["ts"],
  timeout: 20_000,
  forbidOnly: true,
  forbidPending: Boolean(process.env.CI),
};
