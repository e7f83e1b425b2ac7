import { answerWarm } from "../token/hot/answer.ts";
import { nodeHost } from "../token/node-host.ts";

if (answerWarm(nodeHost(process))) process.exit(0);
const { main } = await import("./real-app.ts");
await main();
