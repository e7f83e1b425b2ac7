import type { IncomingMessage, ServerResponse } from "node:http";

/** A test's own way to answer a request, before the stand-in reads anything of it; false leaves it to the stand-in. */
export type Takeover = (request: IncomingMessage, response: ServerResponse) => boolean;
