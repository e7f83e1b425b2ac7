module.exports = {
  "forbid-only": true,
  "forbid-pending": true,
  // Elsewhere, all tests of a file may be those of another system (test/support/platform.ts).
  "fail-zero": process.platform === "linux",
  timeout: 300_000,
  require: "./test/support/mocha-process.ts",
};
