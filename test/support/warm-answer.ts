/**
 * The hot path on Node, as a program of its own: exit status 0 when it answered, 1 when it left the answer to the full
 * program. Time and parent come from `WARM_NOW` and `WARM_PARENT`; nothing that is shipped knows these.
 */
import { answerWarm } from "../../token/hot/answer.ts";
import { nodeHost } from "../../token/node-host.ts";

/** What the test tells it besides what the hot path reads. */
export type WarmVariables = Readonly<Record<"WARM_NOW" | "WARM_PARENT", string>>;

const { env } = process;
const host = {
  ...nodeHost(process),
  now: () => Number(env["WARM_NOW"]),
  parentId: () => Number(env["WARM_PARENT"]),
};
process.exitCode = answerWarm(host) ? 0 : 1;
