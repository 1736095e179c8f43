//! Why a broker's certificate is not accepted: librdkafka only tells that it is not.
//!
//! All that this takes is here: librdkafka's words are matched, and a connection on a thread of its own looks at the
//! certificate. Without it complaints are passed on as they come.

use std::collections::HashMap;
use std::net::{IpAddr, TcpStream, ToSocketAddrs};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use openssl::asn1::Asn1Time;
use openssl::error::ErrorStack;
use openssl::ssl::{HandshakeError, Ssl, SslContext, SslMethod, SslRef, SslVerifyMode};
use openssl::x509::{X509, X509NameRef, X509Ref, X509VerifyResult};
use rdkafka::ClientConfig;
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

use super::health::Condition;
use super::refusals::UNTRUSTED;

/// How long each step of a look may take: connecting, a read, a write.
const STEP_TIMEOUT: Duration = Duration::from_secs(5);

/// How long what a look has found is believed, so that repeated complaints do not connect each time.
const BELIEVED: Duration = Duration::from_secs(60);

/// What OpenSSL calls a certificate for another name, or another address.
const OTHER_HOST: [i32; 2] = [62, 64];

/// What is known of the brokers' certificates that librdkafka does not accept.
#[derive(Debug)]
pub(super) struct Certificates {
    authorities: Authorities,
    /// Whether a certificate has to be for the host that is connected to.
    names_count: bool,
    looks: Mutex<HashMap<String, Look>>,
}

#[derive(Debug)]
enum Authorities {
    In(PathBuf),
    Pem(String),
    OfSystem,
}

#[derive(Debug)]
enum Look {
    UnderWay,
    Done { at: Instant, problem: Option<String> },
}

impl Certificates {
    pub(super) fn new(config: &ClientConfig) -> Self {
        let authorities = match (config.get("ssl.ca.location"), config.get("ssl.ca.pem")) {
            (Some(location), _) => Authorities::In(location.into()),
            (None, Some(pem)) => Authorities::Pem(pem.to_owned()),
            (None, None) => Authorities::OfSystem,
        };
        let names_count = config.get("ssl.endpoint.identification.algorithm") != Some("none");
        Self { authorities, names_count, looks: Mutex::default() }
    }

    /// Whether this complaint is passed on from here: one about a broker's certificate, with what is wrong with it, or one
    /// that follows from it.
    pub(super) fn take_over(
        self: &Arc<Self>,
        condition: &Arc<Condition>,
        error: &KafkaError,
        reason: &str,
    ) -> bool {
        if reason.contains(UNTRUSTED) {
            self.complaint(condition, error, reason);
            return true;
        }
        // In a moment it is known why.
        error.rdkafka_error_code() == Some(Code::AllBrokersDown) && self.is_looking()
    }

    /// Passes a complaint on with what is wrong with the broker's certificate. To find that out takes a thread of its own:
    /// this one delivers.
    fn complaint(self: &Arc<Self>, condition: &Arc<Condition>, error: &KafkaError, reason: &str) {
        let Some(address) = address(reason) else { return condition.complaint(error, reason) };
        let mut looks = self.looks();
        match looks.get(address) {
            Some(Look::UnderWay) => return,
            Some(Look::Done { at, problem }) if at.elapsed() < BELIEVED => {
                return complain(condition, error, reason, problem.as_deref());
            }
            _ => looks.insert(address.to_owned(), Look::UnderWay),
        };
        drop(looks);
        let work = {
            let (this, condition, error) = (Arc::clone(self), Arc::clone(condition), error.clone());
            let (reason, address) = (reason.to_owned(), address.to_owned());
            move || {
                let problem = this.problem(&address);
                complain(&condition, &error, &reason, problem.as_deref());
                this.looks().insert(address, Look::Done { at: Instant::now(), problem });
            }
        };
        if thread::Builder::new().name("entity-events certificate".to_owned()).spawn(work).is_err() {
            self.looks().remove(address);
            condition.complaint(error, reason);
        }
    }

    fn is_looking(&self) -> bool {
        self.looks().values().any(|look| matches!(look, Look::UnderWay))
    }

    /// Connects to a broker as librdkafka does, only to look: what is wrong with its certificate, and what to do. `None`
    /// where that cannot be found out, or nothing is wrong any more.
    fn problem(&self, address: &str) -> Option<String> {
        let (host, _) = address.rsplit_once(':')?;
        let connect = |to| TcpStream::connect_timeout(&to, STEP_TIMEOUT).ok();
        let socket = address.to_socket_addrs().ok()?.find_map(connect)?;
        socket.set_read_timeout(Some(STEP_TIMEOUT)).ok()?;
        socket.set_write_timeout(Some(STEP_TIMEOUT)).ok()?;
        match self.client(host.trim_matches(['[', ']'])).ok()?.connect(socket) {
            Ok(stream) => verdict(stream.ssl(), host, address),
            // Such as for want of a client's certificate, after the broker has shown its own.
            Err(HandshakeError::Failure(stream)) => verdict(stream.ssl(), host, address),
            Err(_) => None,
        }
    }

    fn client(&self, host: &str) -> Result<Ssl, ErrorStack> {
        let mut context = SslContext::builder(SslMethod::tls_client())?;
        // Judges, and goes on.
        context.set_verify(SslVerifyMode::NONE);
        match &self.authorities {
            Authorities::In(folder) if folder.is_dir() => {
                context.load_verify_locations(None, Some(folder))?;
            }
            Authorities::In(file) => context.load_verify_locations(Some(file), None)?,
            Authorities::Pem(pem) => {
                for authority in X509::stack_from_pem(pem.as_bytes())? {
                    context.cert_store_mut().add_cert(authority)?;
                }
            }
            Authorities::OfSystem => context.set_default_verify_paths()?,
        }
        let mut ssl = Ssl::new(&context.build())?;
        let address = host.parse::<IpAddr>();
        if address.is_err() {
            ssl.set_hostname(host)?;
        }
        match address {
            _ if !self.names_count => {}
            Ok(address) => ssl.param_mut().set_ip(address)?,
            Err(_) => ssl.param_mut().set_host(host)?,
        }
        Ok(ssl)
    }

    fn looks(&self) -> MutexGuard<'_, HashMap<String, Look>> {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn complain(condition: &Condition, error: &KafkaError, reason: &str, problem: Option<&str>) {
    match problem {
        Some(problem) => condition.refused(error, problem),
        None => condition.complaint(error, reason),
    }
}

/// The broker of a complaint such as `ssl://kafka-1:9093/1: …`.
fn address(reason: &str) -> Option<&str> {
    let (_, rest) = reason.split_once("://")?;
    let (address, _) = rest.split_once('/')?;
    address.contains(':').then_some(address)
}

fn verdict(ssl: &SslRef, host: &str, address: &str) -> Option<String> {
    let result = ssl.verify_result();
    let certificate = ssl.peer_certificate()?;
    let now = Asn1Time::days_from_now(0).ok()?;
    if result == X509VerifyResult::OK {
        return None;
    }
    if certificate.not_after() < now {
        return Some(format!(
            "the certificate of `{address}` expired on {}; renew it",
            certificate.not_after()
        ));
    }
    if OTHER_HOST.contains(&result.as_raw()) {
        return Some(format!(
            "the certificate of `{address}` is for {}, and not for `{host}`; connect by a name that it holds, or renew it with \
             this one",
            names(&certificate)
        ));
    }
    Some(format!(
        "the certificate of `{address}` is signed by {}, which is none of the authorities in `security.ssl_ca_location` ({}); \
         give that authority's certificate",
        shown(certificate.issuer_name()),
        result.error_string()
    ))
}

/// The hosts that a certificate is for.
fn names(certificate: &X509Ref) -> String {
    let names = certificate.subject_alt_names().into_iter().flatten().filter_map(|name| {
        let address = || match name.ipaddress()? {
            &[a, b, c, d] => Some(IpAddr::from([a, b, c, d]).to_string()),
            bytes => <[u8; 16]>::try_from(bytes).ok().map(|bytes| IpAddr::from(bytes).to_string()),
        };
        name.dnsname().map(str::to_owned).or_else(address).map(|name| format!("`{name}`"))
    });
    let names: Vec<String> = names.collect();
    if names.is_empty() { shown(certificate.subject_name()) } else { names.join(", ") }
}

fn shown(name: &X509NameRef) -> String {
    let parts = name.entries().map(|entry| {
        let key = entry.object().nid().short_name().unwrap_or("?");
        let value = entry.data().to_string().unwrap_or_default();
        format!("{key}={value}")
    });
    format!("`{}`", parts.collect::<Vec<_>>().join(", "))
}
