import { randomBytes, randomInt } from "node:crypto";
import type { IamRole, LabWorld, StsSession } from "../../model.ts";
import { nameInArn, parseArn } from "../arn.ts";
import { AwsFailure } from "../failure.ts";
import type { QueryResult } from "../query/result.ts";
import type { RoleParameters } from "./parameters.ts";
import { packedSize, type SessionMarks } from "./session-tags.ts";

/** Lifetime of a session that does not ask for one, in seconds. Source: STS API, AssumeRole, DurationSeconds. */
const DEFAULT_SECONDS = 3600;
/** Length of a session token without tags and policy, in bytes before base64; real ones are about that long. */
const TOKEN_BYTES = 480;
const KEY_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

interface Issue {
  readonly world: LabWorld;
  readonly role: IamRole;
  readonly parameters: RoleParameters;
  readonly marks: SessionMarks;
  readonly now: Date;
}

/** Makes temporary credentials and remembers them; gives the members that both assume-role answers share. */
export function issueSession(issue: Issue): QueryResult {
  const packed = packedSize(issue.marks, issue.parameters.inlinePolicy);
  const session = openSession(issue);

  return {
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: session.expires,
    },
    AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.arn },
    PackedPolicySize: packed,
    SourceIdentity: session.sourceIdentity,
  };
}

/** A session for another AWS service, which has authenticated the person itself: without tags and policies. */
export function issuePlainSession(
  { world, now }: Pick<Issue, "world" | "now">,
  role: IamRole,
  { sessionName, seconds }: { readonly sessionName: string; readonly seconds: number },
): StsSession {
  const parameters = {
    roleArn: role.arn,
    sessionName,
    durationSeconds: seconds,
    policyArns: [],
    inlinePolicy: undefined,
  };
  const marks = { tags: {}, transitiveTagKeys: [], sourceIdentity: undefined };
  return openSession({ world, role, parameters, marks, now });
}

function openSession({ world, role, parameters, marks, now }: Issue): StsSession {
  const seconds = parameters.durationSeconds ?? DEFAULT_SECONDS;
  const { partition, account } = parseArn(role.arn) ?? { partition: "aws", account: world.accountId };
  const session: StsSession = {
    accessKeyId: `ASIA${randomText(16)}`,
    secretAccessKey: randomBytes(30).toString("base64"),
    sessionToken: sessionToken(marks, parameters),
    expires: new Date(Math.floor(now.getTime() / 1000 + seconds) * 1000),
    arn: `arn:${partition}:sts::${account}:assumed-role/${nameInArn(role.arn)}/${parameters.sessionName}`,
    roleArn: role.arn,
    userId: `${role.uniqueId}:${parameters.sessionName}`,
    policyArns: [...parameters.policyArns],
    inlinePolicy: parameters.inlinePolicy,
    tags: { ...marks.tags },
    transitiveTagKeys: [...marks.transitiveTagKeys],
    ...(marks.sourceIdentity === undefined ? {} : { sourceIdentity: marks.sourceIdentity }),
  };
  world.sessions.set(session.accessKeyId, session);
  return session;
}

/** The API's range has been looked at before; a role's own maximum comes after the trust policy. */
export function requireDuration(role: IamRole, durationSeconds: number | undefined): void {
  if (durationSeconds === undefined || durationSeconds <= role.maxSessionDuration) return;
  throw new AwsFailure(
    "ValidationError",
    400,
    "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
  );
}

/** Grows with tags and policies, which the real token carries in itself. */
function sessionToken({ tags }: SessionMarks, { inlinePolicy, policyArns }: RoleParameters): string {
  const carried = JSON.stringify(tags).length + (inlinePolicy?.length ?? 0) + policyArns.join("").length;
  return `IQoJb3JpZ2luX2VjE${randomBytes(TOKEN_BYTES + carried).toString("base64")}`;
}

function randomText(length: number): string {
  return Array.from({ length }, () => KEY_ALPHABET[randomInt(KEY_ALPHABET.length)]).join("");
}
