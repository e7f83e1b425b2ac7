import { randomBytes } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { LabClock } from "../clock.ts";
import { listenOnLoopback } from "../loopback.ts";
import type { IamRole, LabWorld } from "../model.ts";
import { parseArn } from "./arn.ts";
import { issuePlainSession } from "./sts/issue-session.ts";

/** How long the keys are good, in seconds: six hours. Source: EKS User Guide and ECS Developer Guide. */
const KEY_SECONDS = 21_600;

/** The agent beside a container, which hands out the keys of one role. */
export interface ContainerCredentials {
  /** `http://127.0.0.1:1234`; real ones are at 169.254.170.2 and 169.254.170.23, which loopback cannot be. */
  readonly url: string;
  /** What ECS puts into AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: the path names the task, and nothing else is asked for. */
  readonly relativeUri: string;
  /** The path of EKS Pod Identity, which wants `token` in the header `Authorization`. */
  readonly podUri: string;
  /** A JSON Web Token of a service account; a test may change it, as Kubernetes does. */
  token: string;
  close(): Promise<void>;
}

interface ContainerOptions {
  readonly world: LabWorld;
  readonly clock: LabClock;
  readonly role: IamRole;
}

interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly body: string;
}

const POD_URI = "/v1/credentials";

/** Both kinds of agent on one loopback port, over plain http as the real ones. They keep nothing: STS knows the keys. */
export async function startContainerCredentials(options: ContainerOptions): Promise<ContainerCredentials> {
  const task = randomBytes(16).toString("hex");
  const relativeUri = `/v2/credentials/${task}`;
  const server = createServer((request, response) => {
    const { status, type = "text/plain; charset=utf-8", body } = answer(request.url, request.headers);
    response.writeHead(status, { "content-type": type }).end(body);
  });
  const { port, close } = await listenOnLoopback(server);
  const container: ContainerCredentials = {
    url: `http://127.0.0.1:${port}`,
    relativeUri,
    podUri: POD_URI,
    token: newToken(),
    close,
  };
  return container;

  function answer(path: string | undefined, headers: IncomingHttpHeaders): Answer {
    if (path === relativeUri) return keys(options, { name: task, more: { RoleArn: options.role.arn } });
    if (path?.startsWith("/v2/credentials")) return unknownTask();
    if (path !== POD_URI) return { status: 404, body: "404 page not found\n" };
    const refused = refusedToken(headers.authorization ?? "", container.token);
    const account = { AccountId: parseArn(options.role.arn)?.account };
    return refused ?? keys(options, { name: `eks-lab-web-${task.slice(0, 8)}`, more: account });
  }
}

function keys(
  { world, clock, role }: ContainerOptions,
  { name, more }: { readonly name: string; readonly more: object },
): Answer {
  const now = new Date(clock());
  const session = issuePlainSession({ world, now }, role, { sessionName: name, seconds: KEY_SECONDS });
  const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token } = session;
  const Expiration = session.expires.toISOString().replace(".000Z", "Z");
  const body = JSON.stringify({ ...more, AccessKeyId, SecretAccessKey, Token, Expiration });
  return { status: 200, type: "application/json", body };
}

/** Source: aws/amazon-ecs-agent#1780. */
function unknownTask(): Answer {
  const message = "CredentialsV2Request: Credentials not found";
  const body = JSON.stringify({ code: "InvalidIdInRequest", message, HTTPErrorCode: 400 });
  return { status: 400, type: "application/json", body };
}

/**
 * The agent itself only looks whether it is a token at all; EKS says whether it is a good one.
 *
 * Source: aws/eks-pod-identity-agent@345dca7, internal/validation/request.go and pkg/errors/errors.go; the sentence of EKS
 * is in no source.
 */
function refusedToken(given: string, token: string): Answer | undefined {
  if (given === "") return { status: 400, body: "Service account token cannot be empty\n" };
  const segments = given.split(".").length;
  if (segments !== 3) {
    const why = "token is malformed: token contains an invalid number of segments";
    return { status: 400, body: `Service account token cannot be parsed: ${why}\n` };
  }
  if (given === token) return undefined;
  const why = "(InvalidTokenException): The token included in the request is invalid, fault: client";
  return { status: 400, body: `[${randomBytes(16).toString("hex")}]: ${why}\n` };
}

function newToken(): string {
  return [{ alg: "RS256" }, { sub: "system:serviceaccount:default:web" }, { signature: randomBytes(32) }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
}
