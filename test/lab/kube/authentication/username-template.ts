import type { CallerIdentity } from "./caller-identity.ts";

/**
 * EC2 instance ids, as the authenticator recognises them. Source: aws-iam-authenticator, pkg/server/server.go,
 * `instanceIDPattern`.
 */
const INSTANCE_ID = /^i-(\w{8}|\w{17})$/;

/**
 * Fills a username or group template. Names it does not know stay as they are. The lab has no EC2: an instance id
 * is refused as well, with EC2's text.
 *
 * Source: doctor/EKS-ACCESS.md, "Username templates".
 */
export function renderTemplate(template: string, identity: CallerIdentity): string {
  if (template.includes("{{EC2PrivateDNSName}}")) {
    if (!INSTANCE_ID.test(identity.sessionName)) {
      throw new Error("SessionName did not contain an instance id");
    }
    throw new Error(`could not find instance ${identity.sessionName}`);
  }
  return template
    .replaceAll("{{AccountID}}", () => identity.accountId)
    .replaceAll("{{SessionName}}", () => identity.sessionName.replaceAll("@", "-"))
    .replaceAll("{{SessionNameRaw}}", () => identity.sessionName)
    .replaceAll("{{AccessKeyID}}", () => identity.accessKeyId);
}
