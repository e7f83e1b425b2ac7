import { closed, either, flag, list, maybe, nothing, number, text, time } from "../../token/schema.ts";
import { kind } from "./kind.ts";

/** `cache list` */
export const CACHE_LIST_SCHEMA = kind("CacheList", "Cached tokens, without their secrets.", {
  items: list(
    closed("A cached token.", {
      server: maybe(text("Vouch server of the session; absent for a token of an AWS profile.")),
      identity: maybe(text("E-mail address of the account there.")),
      profile: maybe(either("AWS profile that it is for; null for the environment.", text(), nothing)),
      role: either("ARN of the role; null for the profile itself.", text(), nothing),
      region: text("Region of the cluster."),
      cluster: text("Name of the EKS cluster."),
      agent: either("AI agent that it was given to; null for none.", text(), nothing),
      expires: time("When it ends; it may be over."),
      file: text("File that it is in."),
    }),
    "The one that lives longest first.",
  ),
});

/** `cache clear` */
export const CACHE_CLEARED_SCHEMA = kind("CacheCleared", "What was removed from the cache.", {
  tokens: number("Tokens."),
  credentials: number("Roles whose AWS credentials were kept."),
});

/** `token explain` */
export const TOKEN_EXPLANATION_SCHEMA = kind(
  "TokenExplanation",
  "What an EKS token says, without what makes it a secret.",
  {
    bytes: number("Its length."),
    host: maybe(text("Host of STS that it is for.")),
    acceptedBy: maybe(
      list(
        closed("Clusters whose verifiers accept that host.", {
          partition: text("Their partition of AWS."),
          region: maybe(text("Their region; absent: any of the partition.")),
        }),
        "Empty for a host that is not one of STS.",
      ),
    ),
    region: maybe(text("Region that it is signed for.")),
    partition: maybe(text("Partition of AWS.")),
    accessKeyId: maybe(text("Access key that signed it.")),
    temporary: maybe(flag("False for a long-lived key of an IAM user.")),
    signedHeaders: maybe(list(text(), "Headers that are signed.")),
    signedAt: maybe(time("When it was signed.")),
    endsAt: maybe(time("When EKS stops accepting it, at the latest.")),
    problems: list(
      closed("Why EKS refuses it.", {
        step: number("Step of the verifier (token/eks/EKS-TOKEN.md)."),
        problem: text("What is wrong."),
      }),
    ),
    acceptable: flag("True when nothing is wrong, as far as can be told offline."),
  },
);

/** `version` */
export const VERSION_SCHEMA = kind("Version", "The program.", {
  version: text("Its version."),
  runtime: text("What runs it: `node 22.23.2`."),
  platform: text("Operating system and processor: `linux/x64`."),
  execCredentialVersions: list(text(), "Versions of ExecCredential that it gives."),
});
