import { catalogueSection } from "./catalogue-row.ts";

/** ConfigMap aws-auth: rows of the catalogue. */
export const AWS_AUTH_ROWS = catalogueSection({
  title: "ConfigMap aws-auth",
  rows: [
    {
      id: "A1",
      cause: "aws-auth does not name the caller.",
      seen: "401",
      decides: ["awsAuth", "callerIdentity", "cluster"],
      sameAs: ["E1", "M1"],
    },
    {
      id: "A2",
      cause: "The line has the path of the role, which STS never returns.",
      seen: "401",
      decides: ["awsAuth", "callerIdentity"],
    },
    {
      id: "A3",
      cause: "The line has the ARN of a session, not of the role.",
      seen: "401",
      decides: ["awsAuth"],
    },
    {
      id: "A4",
      cause: "A section of aws-auth is not valid YAML, and is dropped, completely or from the fault on.",
      seen: "all roles, nodes too, get 401 at once",
      decides: ["awsAuth"],
    },
    {
      id: "A5",
      cause: "A key of aws-auth is in the wrong case and is not read.",
      seen: "401",
      decides: ["awsAuth"],
    },
    {
      id: "A6",
      cause: "An indentation slipped, and groups are glued together.",
      seen: "401 for nodes, 403 for people",
      decides: ["awsAuth"],
    },
    {
      id: "A7",
      cause: "A field of the line is misspelt or of the wrong type.",
      seen: "401 or 403",
      decides: ["awsAuth"],
    },
    {
      id: "A8",
      cause: "The ARN occurs twice, and the last line wins.",
      seen: "unexpected rights",
      decides: ["awsAuth"],
    },
    {
      id: "A9",
      cause: "The line names something that is no principal: an instance profile, an IAM group.",
      seen: "401",
      decides: ["awsAuth"],
    },
    {
      id: "A10",
      cause: "The lines of the nodes were lost when the ConfigMap was replaced.",
      seen: "nodes NotReady",
      decides: ["awsAuth", "question"],
    },
    {
      id: "A11",
      cause: "Only mapAccounts matches, which gives a name and no group.",
      seen: "403 as arn:aws:iam::…",
      decides: ["awsAuth", "question"],
    },
    {
      id: "A12",
      cause: "The line's username needs an instance's name, and a person's session has none.",
      seen: "401 although listed",
      decides: ["awsAuth", "callerIdentity"],
    },
    {
      id: "A13",
      cause: "The line of an IAM user lacks the user's path.",
      seen: "401",
      decides: ["awsAuth", "callerIdentity"],
    },
    {
      id: "A14",
      cause: "A line maps the cluster's creator to less than the creator has without it.",
      seen: "the creator is locked out",
      decides: ["awsAuth", "callerIdentity", "question"],
    },
    {
      id: "A15",
      cause: "Angle brackets from the documentation were left in the line.",
      seen: "401 or 403",
      decides: ["awsAuth"],
      isUnconfirmed: true,
    },
    {
      id: "A16",
      cause:
        "The ARN of the line is malformed: a region or a second account in it, blanks, another partition.",
      seen: "401",
      decides: ["awsAuth", "callerIdentity"],
    },
    {
      id: "A17",
      cause: "The username template of the nodes was changed while nodes were running.",
      seen: "living nodes lose access",
      decides: ["awsAuth", "question"],
      isUnconfirmed: true,
    },
  ],
});
