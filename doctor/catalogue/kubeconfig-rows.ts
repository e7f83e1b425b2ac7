import { catalogueSection } from "./catalogue-row.ts";

/** Kubeconfig and exec plugin: rows of the catalogue. */
export const KUBECONFIG_ROWS = catalogueSection({
  title: "Kubeconfig and exec plugin",
  rows: [
    {
      id: "K1",
      cause: "The program of the exec block is not on the PATH of the process that needs it.",
      seen: "exec: executable aws not found",
      sameAs: ["T3"],
    },
    {
      id: "K2",
      cause:
        "The client does not know the apiVersion of the exec block: newer clients dropped it, or it is too new for an old one.",
      seen: "exec plugin: invalid apiVersion",
    },
    {
      id: "K3",
      cause:
        "The plugin answers in another apiVersion than the kubeconfig asks for, because it is too old to notice.",
      seen: "plugin returned version …",
    },
    {
      id: "K4",
      cause: "An exec block of apiVersion v1 lacks interactiveMode, which v1 requires.",
      seen: "interactiveMode must be specified",
    },
    {
      id: "K5",
      cause: "The person's kuberc forbids this credential plugin.",
      seen: 'plugin "aws" not allowed',
    },
    {
      id: "K6",
      cause: "The plugin's stdout is not an ExecCredential: another output format, or a banner.",
      seen: "decoding stdout: couldn't get version/kind",
    },
    {
      id: "K7",
      cause: "The current context comes from another file of KUBECONFIG than the one that was just written.",
      seen: "401 or 403 from the wrong cluster",
    },
    {
      id: "K8",
      cause: "An entry of the same name in an earlier kubeconfig file hides the right one.",
      seen: "401 although one file has the right entry",
    },
    {
      id: "K9",
      cause:
        "Two contexts for different roles share one user entry, which the second run of update-kubeconfig overwrote.",
      seen: "administrator and reader behave alike",
    },
    {
      id: "K10",
      cause: "The plugin signs its token for a cluster other than the one that owns `server`.",
      seen: "401",
    },
    {
      id: "K11",
      cause: "A fixed token in the user entry is used instead of the exec block, and it has expired.",
      seen: "401, and the plugin never starts",
    },
    {
      id: "K12",
      cause: "--cluster-name is used for a local cluster on an Outpost, which needs its id.",
      seen: "401 from an Outpost",
    },
    {
      id: "K13",
      cause: "A kubeconfig file cannot be parsed, or has a value that kubectl does not accept.",
      seen: "error loading config file",
    },
    {
      id: "K14",
      cause: "No kubeconfig is in effect, so the client calls localhost.",
      seen: "localhost:8080 was refused",
    },
    {
      id: "K15",
      cause: "The context names a cluster or user that is in no file.",
      seen: "Please enter Username, or 401 as nobody",
    },
    {
      id: "K16",
      cause: "The plugin is found and crashes: its libraries are incompatible.",
      seen: "exit status 1 with a traceback",
    },
    {
      id: "K17",
      cause:
        "The arguments of the exec block are wrong: a stray one, or an id or a token where the cluster's name belongs.",
      seen: "exit code 252 with a usage text, or 401",
      isUnconfirmed: true,
    },
    {
      id: "K18",
      cause: "The server of the context is `http://…`, over which clients send no token.",
      seen: "the server rejected our request for an unknown reason, or a timeout",
    },
  ],
});
