import { catalogueSection } from "./catalogue-row.ts";

/** ConfigMap aws-auth: rows of the catalogue. */
export const AWS_AUTH_ROWS = catalogueSection({
  title: "ConfigMap aws-auth",
  rows: [
    {
      id: "A1",
      cause: "aws-auth does not name the caller.",
      seen: "401",
      sameAs: ["E1", "M1"],
    },
    {
      id: "A2",
      cause: "The line for the role includes its path, which the mapper never sees.",
      seen: "401",
    },
    {
      id: "A3",
      cause: "The line has the ARN of a session, not of the role.",
      seen: "401",
    },
    {
      id: "A4",
      cause: "A section of aws-auth is not valid YAML, and is dropped, as a whole or from the error on.",
      seen: "all roles, nodes too, get 401 at once",
    },
    {
      id: "A5",
      cause: "A key of aws-auth is in the wrong case and is not read.",
      seen: "401",
    },
    {
      id: "A6",
      cause: "The indentation is wrong, and groups are glued together.",
      seen: "401 for nodes, 403 for people",
    },
    {
      id: "A7",
      cause: "A field of the line is misspelt or of the wrong type.",
      seen: "401 or 403",
    },
    {
      id: "A8",
      cause: "The ARN is there twice, and the last line wins.",
      seen: "unexpected rights",
    },
    {
      id: "A9",
      cause: "The line names something that is not a principal: an instance profile, an IAM group.",
      seen: "401",
    },
    {
      id: "A10",
      cause: "The lines of the nodes were lost when the ConfigMap was replaced.",
      seen: "nodes NotReady",
    },
    {
      id: "A11",
      cause: "Only mapAccounts matches, which gives a name and no group.",
      seen: "403 as arn:aws:iam::…",
    },
    {
      id: "A12",
      cause: "The username of the line needs an instance's name, which a person's session does not have.",
      seen: "401 although listed",
    },
    {
      id: "A13",
      cause: "The line for an IAM user lacks the user's path.",
      seen: "401",
    },
    {
      id: "A14",
      cause: "A line gives the cluster's creator less than the creator has without it.",
      seen: "the creator is locked out",
    },
    {
      id: "A15",
      cause: "Angle brackets from documentation were left in the line.",
      seen: "401 or 403",
      isUnconfirmed: true,
    },
    {
      id: "A16",
      cause:
        "The ARN of the line is malformed: a region or a second account in it, blanks, another partition.",
      seen: "401",
    },
    {
      id: "A17",
      cause: "The username template of the nodes was changed under running nodes.",
      seen: "running nodes lose access",
      isUnconfirmed: true,
    },
  ],
});
