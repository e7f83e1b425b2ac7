/**
 * Words that are common in files and commands. A name that is one of them says nothing about anyone, and replacing it everywhere
 * would break the text around it.
 */
const PLAIN = new Set(
  `
  a access accessdenied accessentry accessscope account admin administrator af allow an and ap api apigroup
  apiversion app applications apply are argocd args arn as assume assumed-role at auth authentication
  authenticator authorization aws aws-iam-authenticator aws-reserved aws-service-role bash be bearer beta
  bin bot build by ca ca-data can cannot cellar central cert certificate ci ci-cd cli client cloud cluster
  cluster-admin clusterrole clusterrolebinding clusters cn code com command config configmap connect console
  container context contexts controller create credential credential_process credentials current
  current-context data debug default delete deny deploy deployment deployments describe desktop dns docker
  dockerfile duration_seconds east ec2 ec2_linux ec2_windows ecr edit editor eks eksctl endpoint env error
  etc eu exec expired extensions failed false fargate file files flux for forbidden from get get-token
  github gitlab gitlab-ci gke global gov group groups has have helm home homebrew host http https
  hybrid_linux hyperpod_linux iam id identity il image in info input install interactivemode io is iso isob
  issuer it its job json k8s k9s key kind kube kubeconfig kubectl kubectl-vouch kubernetes lens lib library
  linux list load local localhost log login logs main map mapaccounts maproles mapusers masters me member
  metadata mode mx name names namespace namespaces net network never no no_proxy node nodes none north
  northeast northwest not null of oidc on opt or org output path pipeline plugin pod pods policy port power
  preferences principal private profile program provider proxy proxy-url public raw rbac read read-only
  reader readonly region request resource resources rest role role_arn rolearn roles root run s3 sa scope
  secret secrets security server service service-role services session session-token session_name set sh
  shell signin snap source_profile south southeast southwest spec ssm sso sso.amazonaws.com sso_session
  standard start status stderr stdout sts subject subjects system system32 system:masters system:nodes task
  tcp terraform test tf that the this tls tmp to token tool tools true tunnel type unauthorized update
  update-kubeconfig us user user-agent useraccess userarn username users usr value values var verb version
  view viewer vouch vpc was watch web were west windows with write www yaml yes you your zsh
  `
    .trim()
    .split(/\s+/),
);

/** The shortest name worth hiding; shorter ones occur everywhere. */
const SHORTEST = 3;

/** Whether a name is kept as it is. */
export function isPlain(name: string): boolean {
  return name.length < SHORTEST || isWord(name) || /^(?:AWSServiceRole|AmazonEKS|system:)/.test(name);
}

/** Whether it is a word that says nothing about anyone, such as a region or the id of an instance. */
export function isWord(name: string): boolean {
  return (
    PLAIN.has(name.toLowerCase()) ||
    /^\d+$/.test(name) ||
    /^i-[0-9a-f]+$/.test(name) ||
    /^ip(?:-\d{1,3}){4}$/.test(name) ||
    /^[a-z]{2,4}(?:-[a-z]+)+-\d$/.test(name)
  );
}
