import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { LabClock } from "../clock.ts";
import { listenOnLoopback } from "../loopback.ts";
import type { IamRole, LabWorld } from "../model.ts";
import { issuePlainSession } from "./sts/issue-session.ts";

/** Instance metadata of a machine that demands version 2, on loopback in place of 169.254.169.254. */
export interface InstanceMetadata {
  /** `http://127.0.0.1:1234` */
  readonly url: string;
  /** The role of the machine; undefined for one without. */
  role: IamRole | undefined;
  /** What is answered in place of keys: EC2 may not assume the role. */
  refusal: { readonly Code: string; readonly Message: string } | undefined;
  /** Method and path of each request. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

const ROLES = "/latest/meta-data/iam/security-credentials/";
const INSTANCE = "i-0123456789abcdef0";
/** Source: AWS EC2 User Guide, "Retrieve security credentials from instance metadata". */
const KEY_SECONDS = 21_600;

/**
 * Source: AWS EC2 User Guide, "How Instance Metadata Service Version 2 works" and "Query instance metadata options for existing
 * instances" (status codes).
 */
export async function startInstanceMetadata(options: {
  readonly world: LabWorld;
  readonly clock: LabClock;
  readonly role: IamRole | undefined;
}): Promise<InstanceMetadata> {
  const tokens = new Set<string>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const { status, body } = request.method === "PUT" ? token(request) : answer(request);
    response.writeHead(status, { "content-type": "text/plain" }).end(body);
  });
  const { port, close } = await listenOnLoopback(server);
  const metadata: InstanceMetadata = {
    url: `http://127.0.0.1:${port}`,
    role: options.role,
    refusal: undefined,
    asked,
    close,
  };
  return metadata;

  function token({ url, headers }: IncomingMessage): Answer {
    if (url !== "/latest/api/token") return { status: 404, body: "" };
    if (headers["x-forwarded-for"] !== undefined) return { status: 403, body: "" };
    const seconds = Number(headers["x-aws-ec2-metadata-token-ttl-seconds"]);
    if (!(seconds >= 1 && seconds <= 21_600)) return { status: 400, body: "" };
    const given = randomBytes(40).toString("base64url");
    tokens.add(given);
    return { status: 200, body: given };
  }

  function answer({ url, headers }: IncomingMessage): Answer {
    if (!tokens.has(String(headers["x-aws-ec2-metadata-token"]))) return { status: 401, body: "" };
    const { role, refusal } = metadata;
    const name = role?.arn.split("/").at(-1);
    if (role === undefined) return { status: 404, body: "" };
    if (url === ROLES) return { status: 200, body: String(name) };
    if (url !== `${ROLES}${name}`) return { status: 404, body: "" };
    return { status: 200, body: JSON.stringify(refusal ?? keys(role)) };
  }

  function keys(role: IamRole): object {
    const now = new Date(options.clock());
    const { world } = options;
    const session = issuePlainSession({ world, now }, role, { sessionName: INSTANCE, seconds: KEY_SECONDS });
    const date = (time: Date) => time.toISOString().replace(/\.\d+Z$/, "Z");
    return {
      Code: "Success",
      LastUpdated: date(now),
      Type: "AWS-HMAC",
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      Token: session.sessionToken,
      Expiration: date(session.expires),
    };
  }
}
