module kubectl-vouch/peers/webauthn

go 1.26.0

require github.com/go-webauthn/webauthn v0.18.2
