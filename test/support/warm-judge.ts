/** The hot path on Node, for a test to bundle with another version of ours than that of the sources, and to import. */
export { answerWarm } from "../../token/hot/answer.ts";
export { nodeHost } from "../../token/node-host.ts";
