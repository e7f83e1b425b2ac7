/** The page's worker: it has the rules, and is terminated when it takes too long. */
import { answer } from "./judge.ts";
import type { PageRequest } from "./messages.ts";

self.onmessage = ({ data }: MessageEvent<PageRequest>) => self.postMessage(answer(data));
