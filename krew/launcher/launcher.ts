/** What the launcher runs: the warm answer, on the host that its C side gives. Whether it answered, C sees by `print`. */
import { answerWarm } from "../../token/hot/answer.ts";
import type { Host } from "../../token/hot/host.ts";

declare const host: Host;

answerWarm(host);
