//! The key of soft-fido2 on standard input and output, in CTAPHID reports of 64 bytes without report IDs. Its only argument
//! is its PIN. It counts as touched whenever it asks for a touch, and forgets everything when its input ends.

use soft_fido2_ctap::authenticator::AuthenticatorOptions;
use soft_fido2_ctap::callbacks::PlatformCallbacks;
use soft_fido2_ctap::*;
use soft_fido2_transport::{CtapHidHandler, Packet};
use std::cell::RefCell;
use std::error::Error;
use std::io::{self, ErrorKind, Read, Write};
use std::time::SystemTime;

fn main() -> std::result::Result<(), Box<dyn Error>> {
    let pin = std::env::args().nth(1).ok_or("usage: soft-key PIN")?;
    let options = AuthenticatorOptions {
        uv: None,
        bio_enroll: None,
        pin_uv_auth_token: true,
        ..AuthenticatorOptions::new()
    };
    // The library applies it whether or not it is announced.
    let extension = "credProtect".into();
    let config = AuthenticatorConfig::new()
        .with_options(options)
        .with_extension(extension);
    let mut key = Authenticator::new(config, Memory::default());
    key.set_pin(&pin)?;
    let mut hid = CtapHidHandler::new(TransportBridge::new(CommandDispatcher::new(key)));

    let mut report = [0; 64];
    loop {
        match io::stdin().read_exact(&mut report) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(()),
            read => read?,
        }
        for answer in hid.process_packet(Packet::from_bytes(report))? {
            io::stdout().write_all(answer.as_bytes())?;
        }
        io::stdout().flush()?;
    }
}

/// The credentials, newest first.
#[derive(Default)]
struct Memory(RefCell<Vec<Credential>>);

impl CredentialStorageCallbacks for Memory {
    /// An account has one credential at a relying party.
    fn write_credential(&self, new: &Credential) -> Result<()> {
        let mut all = self.0.borrow_mut();
        all.retain(|old| (&old.rp_id, &old.user_id) != (&new.rp_id, &new.user_id));
        all.insert(0, new.clone());
        Ok(())
    }

    fn update_credential(&self, new: &Credential) -> Result<()> {
        let mut all = self.0.borrow_mut();
        *all.iter_mut()
            .find(|old| old.id == new.id)
            .ok_or(StatusCode::NoCredentials)? = new.clone();
        Ok(())
    }

    fn delete_credential(&self, id: &[u8]) -> Result<()> {
        self.0.borrow_mut().retain(|one| one.id != id);
        Ok(())
    }

    fn read_credentials(&self, rp_id: &str, user_id: Option<&[u8]>) -> Result<Vec<Credential>> {
        let matches =
            |one: &&Credential| one.rp_id == rp_id && user_id.is_none_or(|id| one.user_id == id);
        Ok(self.0.borrow().iter().filter(matches).cloned().collect())
    }

    fn get_credential(&self, id: &[u8]) -> Result<Credential> {
        self.0
            .borrow()
            .iter()
            .find(|one| one.id == id)
            .cloned()
            .ok_or(StatusCode::NoCredentials)
    }

    fn credential_exists(&self, id: &[u8]) -> Result<bool> {
        Ok(self.get_credential(id).is_ok())
    }

    fn credential_count(&self) -> Result<usize> {
        Ok(self.0.borrow().len())
    }

    fn enumerate_rps(&self) -> Result<Vec<(String, Option<String>, usize)>> {
        let mut rps: Vec<(String, Option<String>, usize)> = vec![];
        for one in self.0.borrow().iter() {
            match rps.iter_mut().find(|(id, ..)| *id == one.rp_id) {
                Some((.., count)) => *count += 1,
                None => rps.push((one.rp_id.clone(), one.rp_name.clone(), 1)),
            }
        }
        Ok(rps)
    }
}

impl UserInteractionCallbacks for Memory {
    fn request_up(&self, _: &str, _: Option<&str>, _: &str) -> Result<UpResult> {
        Ok(UpResult::Accepted)
    }

    /// There is no fingerprint reader.
    fn request_uv(&self, _: &str, _: Option<&str>, _: &str) -> Result<UvResult> {
        Ok(UvResult::Denied)
    }

    /// The newest; the client fetches the others.
    fn select_credential(&self, _: &str, _: &[String]) -> Result<usize> {
        Ok(0)
    }
}

impl PlatformCallbacks for Memory {
    fn get_timestamp_ms(&self) -> u64 {
        let elapsed = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        elapsed.unwrap_or_default().as_millis() as u64
    }
}
