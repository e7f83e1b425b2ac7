/**
 * The lab's own entry of `kubectl-vouch`: the program as it ships, with another full program behind the warm answer. No
 * shipped file has a switch for it.
 */
import { leaveGoneFolder } from "../../plugin/gone-folder.ts";
import { answerWarm } from "../../token/hot/answer.ts";
import { nodeHost } from "../../token/node-host.ts";

if (answerWarm(nodeHost(process))) process.exit(0);
leaveGoneFolder();
void import("./lab-app.ts").then(({ main }) => main());
