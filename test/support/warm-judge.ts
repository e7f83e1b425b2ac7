/** The hot path on Node, for a test to bundle with another version of ours than that of the sources, and to import. */
import { answerWarm } from "../../token/hot/answer.ts";
import { nodeHost } from "../../token/node-host.ts";

export default { answerWarm, nodeHost };
