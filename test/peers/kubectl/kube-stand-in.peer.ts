/** The API server stand-in judged by real kubectl, the oldest and the newest, fetched once. */
import { describeApiServer } from "../control-plane/api-server-cases.ts";

describeApiServer("stand-in");
