//! Finds out why a broker's certificate is not accepted: librdkafka only reports that it is not.
//!
//! This module is self-contained: it matches librdkafka's text, and inspects the certificate with a connection on a separate
//! thread. Without it, errors are passed on unchanged.

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

/// How long each step of an inspection may take: connecting, a read, a write.
const STEP_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a result is reused, so that repeated errors do not connect each time.
const REUSED_FOR: Duration = Duration::from_secs(60);

/// OpenSSL's codes for a certificate with another host name, or another address.
const OTHER_HOST: [i32; 2] = [62, 64];

/// Inspects the brokers' certificates that librdkafka does not accept.
#[derive(Debug)]
pub(super) struct Certificates {
    authorities: Authorities,
    /// Whether a certificate has to match the host.
    verify_host: bool,
    inspections: Mutex<HashMap<String, Inspection>>,
}

#[derive(Debug)]
enum Authorities {
    Location(PathBuf),
    Pem(String),
    System,
}

#[derive(Debug)]
enum Inspection {
    Running,
    Done { at: Instant, problem: Option<String> },
}

impl Certificates {
    pub(super) fn new(config: &ClientConfig) -> Self {
        let authorities = match (config.get("ssl.ca.location"), config.get("ssl.ca.pem")) {
            (Some(location), _) => Authorities::Location(location.into()),
            (None, Some(pem)) => Authorities::Pem(pem.to_owned()),
            (None, None) => Authorities::System,
        };
        let verify_host = config.get("ssl.endpoint.identification.algorithm") != Some("none");
        Self { authorities, verify_host, inspections: Mutex::default() }
    }

    /// Handles an error about a broker's certificate, or one that follows from it. Returns `false` for any other error.
    pub(super) fn handle(
        self: &Arc<Self>,
        condition: &Arc<Condition>,
        error: &KafkaError,
        reason: &str,
    ) -> bool {
        if reason.contains(UNTRUSTED) {
            self.on_untrusted(condition, error, reason);
            return true;
        }
        // The inspection will report the cause.
        error.rdkafka_error_code() == Some(Code::AllBrokersDown) && self.is_inspecting()
    }

    /// Reports an error with the problem of the broker's certificate. Inspects it on a separate thread, since this one serves
    /// deliveries.
    fn on_untrusted(self: &Arc<Self>, condition: &Arc<Condition>, error: &KafkaError, reason: &str) {
        let Some(address) = address(reason) else { return condition.on_error(error, reason) };
        let mut inspections = self.inspections();
        match inspections.get(address) {
            Some(Inspection::Running) => return,
            Some(Inspection::Done { at, problem }) if at.elapsed() < REUSED_FOR => {
                return report(condition, error, reason, problem.as_deref());
            }
            _ => inspections.insert(address.to_owned(), Inspection::Running),
        };
        drop(inspections);
        let work = {
            let (this, condition, error) = (Arc::clone(self), Arc::clone(condition), error.clone());
            let (reason, address) = (reason.to_owned(), address.to_owned());
            move || {
                let problem = this.problem(&address);
                report(&condition, &error, &reason, problem.as_deref());
                this.inspections().insert(address, Inspection::Done { at: Instant::now(), problem });
            }
        };
        if thread::Builder::new().name("entity-events certificate".to_owned()).spawn(work).is_err() {
            self.inspections().remove(address);
            condition.on_error(error, reason);
        }
    }

    fn is_inspecting(&self) -> bool {
        self.inspections().values().any(|inspection| matches!(inspection, Inspection::Running))
    }

    /// Connects to a broker as librdkafka does, and returns the problem of its certificate with the remedy. `None` if that
    /// cannot be determined, or if nothing is wrong any more.
    fn problem(&self, address: &str) -> Option<String> {
        let (host, _) = address.rsplit_once(':')?;
        let connect = |to| TcpStream::connect_timeout(&to, STEP_TIMEOUT).ok();
        let socket = address.to_socket_addrs().ok()?.find_map(connect)?;
        socket.set_read_timeout(Some(STEP_TIMEOUT)).ok()?;
        socket.set_write_timeout(Some(STEP_TIMEOUT)).ok()?;
        match self.client(host.trim_matches(['[', ']'])).ok()?.connect(socket) {
            Ok(stream) => problem_of(stream.ssl(), host, address),
            // For example without a client certificate, after the broker has sent its own.
            Err(HandshakeError::Failure(stream)) => problem_of(stream.ssl(), host, address),
            Err(_) => None,
        }
    }

    fn client(&self, host: &str) -> Result<Ssl, ErrorStack> {
        let mut context = SslContext::builder(SslMethod::tls_client())?;
        // Verifies, and continues either way.
        context.set_verify(SslVerifyMode::NONE);
        match &self.authorities {
            Authorities::Location(folder) if folder.is_dir() => {
                context.load_verify_locations(None, Some(folder))?;
            }
            Authorities::Location(file) => context.load_verify_locations(Some(file), None)?,
            Authorities::Pem(pem) => {
                for authority in X509::stack_from_pem(pem.as_bytes())? {
                    context.cert_store_mut().add_cert(authority)?;
                }
            }
            Authorities::System => context.set_default_verify_paths()?,
        }
        let mut ssl = Ssl::new(&context.build())?;
        let address = host.parse::<IpAddr>();
        if address.is_err() {
            ssl.set_hostname(host)?;
        }
        match address {
            _ if !self.verify_host => {}
            Ok(address) => ssl.param_mut().set_ip(address)?,
            Err(_) => ssl.param_mut().set_host(host)?,
        }
        Ok(ssl)
    }

    fn inspections(&self) -> MutexGuard<'_, HashMap<String, Inspection>> {
        self.inspections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn report(condition: &Condition, error: &KafkaError, reason: &str, problem: Option<&str>) {
    match problem {
        Some(problem) => condition.refused(error, problem),
        None => condition.on_error(error, reason),
    }
}

/// Returns the broker's address in an error such as `ssl://kafka-1:9093/1: …`.
fn address(reason: &str) -> Option<&str> {
    let (_, rest) = reason.split_once("://")?;
    let (address, _) = rest.split_once('/')?;
    address.contains(':').then_some(address)
}

fn problem_of(ssl: &SslRef, host: &str, address: &str) -> Option<String> {
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
            "the certificate of `{address}` is for {}, not for `{host}`; connect to a host in the certificate, or reissue it \
             for `{host}`",
            names(&certificate)
        ));
    }
    Some(format!(
        "the certificate of `{address}` is signed by {}, which is not among the authorities in `security.ssl_ca_location` ({}); \
         add that authority's certificate",
        format_name(certificate.issuer_name()),
        result.error_string()
    ))
}

/// Returns the hosts that a certificate is for.
fn names(certificate: &X509Ref) -> String {
    let names = certificate.subject_alt_names().into_iter().flatten().filter_map(|name| {
        let address = || match name.ipaddress()? {
            &[a, b, c, d] => Some(IpAddr::from([a, b, c, d]).to_string()),
            bytes => <[u8; 16]>::try_from(bytes).ok().map(|bytes| IpAddr::from(bytes).to_string()),
        };
        name.dnsname().map(str::to_owned).or_else(address).map(|name| format!("`{name}`"))
    });
    let names: Vec<String> = names.collect();
    if names.is_empty() { format_name(certificate.subject_name()) } else { names.join(", ") }
}

fn format_name(name: &X509NameRef) -> String {
    let parts = name.entries().map(|entry| {
        let key = entry.object().nid().short_name().unwrap_or("?");
        let value = entry.data().to_string().unwrap_or_default();
        format!("{key}={value}")
    });
    format!("`{}`", parts.collect::<Vec<_>>().join(", "))
}
