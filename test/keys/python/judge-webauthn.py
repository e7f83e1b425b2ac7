"""Verifies registrations and logins as a server built on py_webauthn does. A user's verification is required; no
certificate authority is trusted or distrusted. Questions and answers are those of
test/peers/go/webauthn/judge-webauthn/main.go."""
import json
import sys

from webauthn import base64url_to_bytes, verify_authentication_response, verify_registration_response
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException


def judge(asked):
    expected = {
        "credential": asked["credential"],
        "expected_challenge": base64url_to_bytes(asked["challenge"]),
        "expected_rp_id": asked["rpId"],
        "expected_origin": asked["origin"],
        "require_user_verification": True,
    }
    if asked["act"] == "registration":
        made = verify_registration_response(
            **expected, supported_pub_key_algs=[COSEAlgorithmIdentifier.ECDSA_SHA_256]
        )
        return {"publicKey": bytes_to_base64url(made.credential_public_key), "counter": made.sign_count}
    login = verify_authentication_response(
        **expected,
        credential_public_key=base64url_to_bytes(asked["publicKey"]),
        credential_current_sign_count=asked["counter"],
    )
    return {"publicKey": asked["publicKey"], "counter": login.new_sign_count}


for line in sys.stdin:
    try:
        answer = {"ok": True, **judge(json.loads(line))}
    except WebAuthnException as refusal:
        answer = {"refused": str(refusal)}
    print(json.dumps(answer), flush=True)
