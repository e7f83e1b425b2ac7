import { fuzz } from "./fuzz/suite.ts";

/** A little of what test/keys/fuzz.peer.ts does, the same each time. */
describe("our client, fuzzed a little", () => {
  fuzz({ cases: 500, seed: 1, say: () => {} });
});
