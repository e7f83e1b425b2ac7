/** The lab's real control plane, held to the same cases as the stand-in. */
import { describeApiServer } from "./api-server-cases.ts";

describeApiServer("the real API server");
