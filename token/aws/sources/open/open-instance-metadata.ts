import { VouchError } from "../../../errors/errors.ts";
import { serverText } from "../../../net/server-text.ts";
import { jsonRecord, textMember } from "../../../record.ts";
import type { TemporaryCredentials } from "../../aws-credentials.ts";
import { digestOf, type OpenPlan, type PlanAccess } from "../opened-source.ts";
import { hintAtOrigin, placeOfOrigin } from "../plan-errors.ts";
import type { InstanceMetadataPlan, PlanOrigin } from "../plan-kinds.ts";
import { askMachine } from "./ask-machine.ts";
import { temporaryCredentials } from "./given-credentials.ts";

const ENDPOINT = "http://169.254.169.254";
const ROLES = "/latest/meta-data/iam/security-credentials/";
/** The lifetime of the token for our three requests, in seconds. */
const TOKEN_SECONDS = "60";

/**
 * The role of the machine, from version 2 of instance metadata only: version 1 answers any request that someone can trick a
 * server on the machine into sending. Used only if a profile names it.
 *
 * Source: doctor/AWS-CREDENTIALS.md, "Containers and machines".
 */
export async function openInstanceMetadata(
  plan: InstanceMetadataPlan,
  access: PlanAccess,
): Promise<OpenPlan> {
  const endpoint = access.metadataEndpoint ?? ENDPOINT;
  return {
    digest: digestOf("instance-metadata", endpoint),
    witnesses: [],
    credentials: () => ask(plan, endpoint, access),
  };
}

async function ask(
  { origin }: InstanceMetadataPlan,
  endpoint: string,
  access: PlanAccess,
): Promise<TemporaryCredentials> {
  const failed = (why: string) => noCredentials(origin, why, hintAtOrigin(origin));
  const request = async (method: "GET" | "PUT", path: string, headers: Readonly<Record<string, string>>) => {
    const url = new URL(path, endpoint);
    const { status, text } = await askMachine({ method, url, headers, failed }, access);
    if (status === 404 && path === ROLES) throw withoutRole(origin);
    if (status !== 200) throw failed(`${url.host} returned ${status} for ${method} ${url.pathname}`);
    return text;
  };
  const token = await request("PUT", "/latest/api/token", {
    "x-aws-ec2-metadata-token-ttl-seconds": TOKEN_SECONDS,
  });
  if (!/^[\w=+/-]{1,200}$/.test(token)) throw failed("they did not return a valid token");
  const authorized = { "x-aws-ec2-metadata-token": token };
  const role = (await request("GET", ROLES, authorized)).split("\n", 1)[0]?.trim() ?? "";
  if (role === "") throw withoutRole(origin);
  if (!/^[\w+=,.@-]{1,64}$/.test(role)) throw failed("they did not return a valid role name");
  const record = jsonRecord(await request("GET", `${ROLES}${encodeURIComponent(role)}`, authorized));
  const credentials = temporaryCredentials(record, access.clock());
  if (!("fault" in credentials)) return credentials;
  const said = serverText(textMember(record, "Message"));
  throw failed(`their response for role ${role} ${said === undefined ? credentials.fault : `is: ${said}`}`);
}

/** Source: AWS EC2 User Guide, "Attach an IAM role to an instance". */
function withoutRole(origin: PlanOrigin): VouchError {
  return noCredentials(
    origin,
    "no IAM role is attached to this EC2 instance",
    `Attach one in the EC2 console (Actions, Security, Modify IAM role), or use a different source. ${hintAtOrigin(origin)}`,
  );
}

function noCredentials(origin: PlanOrigin, why: string, hint: string): VouchError {
  return new VouchError(
    "instance-metadata-failed",
    `The instance metadata (from ${placeOfOrigin(origin)}) did not return credentials: ${why}.`,
    { hint },
  );
}
