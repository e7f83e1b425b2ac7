import { answerWarm } from "../token/hot/answer.ts";
import { answerPrompt } from "../token/hot/prompt.ts";
import { nodeHost } from "../token/node-host.ts";
import { leaveGoneFolder } from "./gone-folder.ts";

const host = nodeHost(process);
if (answerWarm(host) || answerPrompt(host)) process.exit(0);
leaveGoneFolder();
void import("./real-app.ts").then(({ main }) => main());
