/**
 * What the launcher runs: the warm answers, on the host that its C side provides. C learns from `print` whether there was one.
 */
import { answerWarm } from "../../token/hot/answer.ts";
import type { Host } from "../../token/hot/host.ts";
import { answerPrompt } from "../../token/hot/prompt.ts";

declare const host: Host;

if (!answerWarm(host)) answerPrompt(host);
