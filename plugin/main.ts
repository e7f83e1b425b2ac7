import { answerWarm } from "../token/hot/answer.ts";
import { nodeHost } from "../token/node-host.ts";
import { leaveGoneFolder } from "./gone-folder.ts";

if (answerWarm(nodeHost(process))) process.exit(0);
leaveGoneFolder();
void import("./real-app.ts").then(({ main }) => main());
