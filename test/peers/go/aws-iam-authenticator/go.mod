module kubectl-vouch/peers/aws-iam-authenticator

go 1.26.3

tool sigs.k8s.io/aws-iam-authenticator/cmd/aws-iam-authenticator

require (
	github.com/sirupsen/logrus v1.9.4
	sigs.k8s.io/aws-iam-authenticator v0.7.18
)
