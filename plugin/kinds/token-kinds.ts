import { closed, either, flag, list, maybe, nothing, number, text, time } from "../../token/schema.ts";
import { kind } from "./kind.ts";

const CacheList = kind(["cache list"], "Cached tokens, without secrets.", {
  items: list(
    closed("A cached token.", {
      server: maybe(text("Vouch server of the session; absent for a token of an AWS profile.")),
      identity: maybe(text("E-mail address of the account on the Vouch server.")),
      profile: maybe(
        either("AWS profile of the token; null for credentials from the environment.", text(), nothing),
      ),
      role: either("ARN of the role; null for the profile itself.", text(), nothing),
      region: text("Region of the cluster."),
      cluster: text("Name of the EKS cluster."),
      agent: either("AI agent that the token was issued to; null for none.", text(), nothing),
      expires: time("Time at which the token expires; can be in the past."),
      file: text("File that contains the token."),
    }),
    "Sorted by expiration, latest first.",
  ),
});

const CacheCleared = kind(["cache clear"], "What was removed from the cache.", {
  tokens: number("Number of tokens removed."),
  credentials: number("Number of roles whose cached AWS credentials were removed."),
});

const TokenExplanation = kind(["token explain"], "Contents of an EKS token, without its secret parts.", {
  bytes: number("Length of the token in bytes."),
  host: maybe(text("STS host that the token is for.")),
  acceptedBy: maybe(
    list(
      closed("Clusters whose verifiers accept the STS host.", {
        partition: text("AWS partition of the clusters."),
        region: maybe(text("Region of the clusters; absent for all regions of the partition.")),
      }),
      "Empty if the host does not belong to STS.",
    ),
  ),
  region: maybe(text("Region that the token is signed for.")),
  partition: maybe(text("AWS partition that the token is signed for.")),
  accessKeyId: maybe(text("Access key that signed the token.")),
  temporary: maybe(flag("True for temporary credentials, false for a long-lived key of an IAM user.")),
  signedHeaders: maybe(list(text(), "Signed headers.")),
  signedAt: maybe(time("Time at which the token was signed.")),
  endsAt: maybe(
    time("Time after which EKS no longer accepts the token; earlier if the credentials expire first."),
  ),
  problems: list(
    closed("Reasons why EKS rejects the token.", {
      step: number("Verification step that fails (token/eks/EKS-TOKEN.md)."),
      problem: text("What is wrong with the token."),
    }),
  ),
  acceptable: flag("True if no problem was found offline."),
});

const Version = kind(["version"], "Version of kubectl-vouch and its platform.", {
  version: text("Version of kubectl-vouch."),
  runtime: text("Runtime, such as `node 22.23.2`."),
  platform: text("Operating system and processor, such as `linux/x64`."),
  execCredentialVersions: list(text(), "ExecCredential versions that kubectl-vouch supports."),
});

export const TOKEN_KINDS = { CacheList, CacheCleared, TokenExplanation, Version };
