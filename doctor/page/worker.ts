/** The page's worker: it alone has the rules, and is ended where it takes too long. */
import { answer } from "./judge.ts";
import type { PageRequest } from "./messages.ts";

self.onmessage = ({ data }: MessageEvent<PageRequest>) => self.postMessage(answer(data));
