//! Judges registrations and logins as a server that uses webauthn-rs does.
//!
//! Standard input, a JSON object a line:
//! `{"act": "registration", "rpId": …, "origin": …, "challenge": base64url, "credential": the browser's PublicKeyCredential}`
//! or `"act": "login"` with `"publicKey": base64url of the COSE key, "counter": …, "userHandle": base64url` as well.
//! Standard output, a line for each: `{"ok": true, "publicKey": …, "counter": …}` or `{"refused": "why"}`.
//!
//! User verification and ES256 are required. The counter must grow, unless it stays 0.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_cbor_2::Value as Cbor;
use serde_json::{Value, json};
use std::{collections::BTreeMap, error::Error, fmt::Debug, io, time::Duration};
use webauthn_rs_core::{WebauthnCore, proto::*};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Question {
    rp_id: String,
    origin: String,
    challenge: String,
    credential: Value,
    #[serde(flatten)]
    act: Act,
}

#[derive(Deserialize)]
#[serde(tag = "act", rename_all = "lowercase")]
enum Act {
    Registration,
    Login(Registered),
}

/// What the server stored about the credential.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Registered {
    public_key: String,
    counter: Counter,
    user_handle: String,
}

const REQUIRED: UserVerificationPolicy = UserVerificationPolicy::Required;

type Verdict = Result<(COSEKey, Counter), String>;

fn main() -> Result<(), Box<dyn Error>> {
    for line in io::stdin().lines() {
        let verdict = judge(serde_json::from_str(&line?)?);
        let answer = match verdict.and_then(|(key, counter)| Ok((cose(&key)?, counter))) {
            Ok((key, counter)) => {
                json!({"ok": true, "publicKey": BASE64URL.encode(key), "counter": counter})
            }
            Err(reason) => json!({"refused": reason}),
        };
        println!("{answer}");
    }
    Ok(())
}

fn judge(question: Question) -> Verdict {
    let origin = question.origin.parse().map_err(why)?;
    // None: the origin must match exactly, with its port.
    let server = WebauthnCore::new_unsafe_experts_only(
        "Vouch",
        &question.rp_id,
        vec![origin],
        Duration::from_secs(60),
        None,
        None,
    );
    match &question.act {
        Act::Registration => registration(&server, &question),
        Act::Login(registered) => login(&server, &question, registered),
    }
}

fn registration(server: &WebauthnCore, question: &Question) -> Verdict {
    let new = RegisterPublicKeyCredential::deserialize(&question.credential).map_err(why)?;
    // The user is only meant for the browser.
    let builder = server
        .new_challenge_register_builder(b"user", "user", "user")
        .map_err(why)?
        .user_verification_policy(REQUIRED)
        .credential_algorithms(vec![COSEAlgorithm::ES256]);
    let (_, state) = server.generate_challenge_register(builder).map_err(why)?;
    let state = with_challenge(&state, &question.challenge)?;
    // None: any maker's attestation is trusted, but its signature is verified.
    let credential = server
        .register_credential(&new, &state, None)
        .map_err(why)?;
    Ok((credential.cred, credential.counter))
}

fn login(server: &WebauthnCore, question: &Question, registered: &Registered) -> Verdict {
    let proof = PublicKeyCredential::deserialize(&question.credential).map_err(why)?;
    let public_key: Cbor =
        serde_cbor_2::from_slice(&bytes(&registered.public_key)?).map_err(why)?;
    let public_key = COSEKey::try_from(&public_key).map_err(why)?;
    // A credential that cannot be backed up.
    let credential = Credential::from(CredentialV3 {
        cred_id: proof.raw_id.clone(),
        cred: public_key.clone(),
        counter: registered.counter,
        verified: true,
        registration_policy: REQUIRED,
    });
    let builder = server
        .new_challenge_authenticate_builder(vec![credential], Some(REQUIRED))
        .map_err(why)?;
    let (_, state) = server
        .generate_challenge_authenticate(builder)
        .map_err(why)?;
    let state = with_challenge(&state, &question.challenge)?;
    let result = server
        .authenticate_credential(&proof, &state)
        .map_err(why)?;
    // The library leaves this to the server.
    if proof.get_user_unique_id() != Some(&bytes(&registered.user_handle)?) {
        return Err("MismatchedUserHandle".into());
    }
    Ok((public_key, result.counter()))
}

/// The library generates its challenges; only a stored state can have a different one.
fn with_challenge<State: Serialize + DeserializeOwned>(
    state: &State,
    challenge: &str,
) -> Result<State, String> {
    let mut stored = serde_json::to_value(state).map_err(why)?;
    stored["challenge"] = challenge.into();
    serde_json::from_value(stored).map_err(why)
}

fn cose(COSEKey { type_, key }: &COSEKey) -> Result<Vec<u8>, String> {
    let COSEKeyType::EC_EC2(COSEEC2Key { curve, x, y }) = key else {
        return Err("the key has no curve".into());
    };
    let map = BTreeMap::from(
        [
            (1, Cbor::Integer(COSEKeyTypeId::EC_EC2 as i128)),
            (3, Cbor::Integer(*type_ as i128)),
            (-1, Cbor::Integer(curve.clone() as i128)),
            (-2, Cbor::Bytes(x.clone())),
            (-3, Cbor::Bytes(y.clone())),
        ]
        .map(|(label, value)| (Cbor::Integer(label), value)),
    );
    serde_cbor_2::to_vec(&Cbor::Map(map)).map_err(why)
}

fn bytes(base64url: &str) -> Result<Vec<u8>, String> {
    BASE64URL.decode(base64url).map_err(why)
}

/// The name of the library's error.
fn why(error: impl Debug) -> String {
    format!("{error:?}")
}
