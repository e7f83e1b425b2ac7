/**
 * By mocha's `require`, in every process of tests. A worker whose tests have ended writes its coverage as it exits; mocha sends
 * SIGTERM after a second, which on a busy machine is too early.
 */
if (process.env["NODE_V8_COVERAGE"] !== undefined && process.connected)
  process.on("SIGTERM", () => undefined);
