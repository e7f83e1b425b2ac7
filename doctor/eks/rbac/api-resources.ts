/** A kind of object that every cluster has, as `kubectl api-resources` lists it. */
interface ApiResource {
  /** Plural. */
  readonly name: string;
  /** Empty: the core group. */
  readonly group: string;
  readonly namespaced: boolean;
}

/**
 * Names, short names, group, and a dot if the objects are not namespaced. Deliberately without custom resources, whose group
 * cannot be known.
 *
 * Source: kubernetes.io, reference/kubectl, "Resource types" (1.33).
 */
const TABLE = `
bindings
componentstatuses cs : .
configmaps cm
endpoints ep
events ev
limitranges limits
namespaces ns : .
nodes no : .
persistentvolumeclaims pvc
persistentvolumes pv : .
pods po
podtemplates
replicationcontrollers rc
resourcequotas quota
secrets
serviceaccounts sa
services svc
mutatingwebhookconfigurations : admissionregistration.k8s.io .
validatingwebhookconfigurations : admissionregistration.k8s.io .
customresourcedefinitions crd crds : apiextensions.k8s.io .
apiservices : apiregistration.k8s.io .
controllerrevisions : apps
daemonsets ds : apps
deployments deploy : apps
replicasets rs : apps
statefulsets sts : apps
horizontalpodautoscalers hpa : autoscaling
cronjobs cj : batch
jobs : batch
certificatesigningrequests csr : certificates.k8s.io .
leases : coordination.k8s.io
endpointslices : discovery.k8s.io
ingressclasses : networking.k8s.io .
ingresses ing : networking.k8s.io
networkpolicies netpol : networking.k8s.io
poddisruptionbudgets pdb : policy
clusterrolebindings : rbac.authorization.k8s.io .
clusterroles : rbac.authorization.k8s.io .
rolebindings : rbac.authorization.k8s.io
roles : rbac.authorization.k8s.io
priorityclasses pc : scheduling.k8s.io .
csidrivers : storage.k8s.io .
csinodes : storage.k8s.io .
storageclasses sc : storage.k8s.io .
volumeattachments : storage.k8s.io .
`;

const BY_NAME = new Map(
  TABLE.trim()
    .split("\n")
    .flatMap((line) => {
      const [names = "", where = ""] = line.split(":");
      const [name = "", ...short] = names.trim().split(" ");
      const [group = ""] = where
        .trim()
        .split(" ")
        .filter((word) => word !== ".");
      const resource: ApiResource = { name, group, namespaced: !where.includes(" .") };
      return [name, singular(name), ...short].map((key) => [key, resource] as const);
    }),
);

/** The resource with a plural, singular or short name, in any case; undefined for resources that not every cluster has. */
export function apiResource(name: string): ApiResource | undefined {
  return BY_NAME.get(name.toLowerCase());
}

function singular(name: string): string {
  if (name.endsWith("ies")) return `${name.slice(0, -3)}y`;
  if (/(?:ss|x)es$/.test(name)) return name.slice(0, -2);
  return name === "endpoints" ? name : name.replace(/s$/, "");
}
