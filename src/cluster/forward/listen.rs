//! Where a forward listens.

use super::spec::Refusal;
use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::task::Poll;
use tokio::net::{TcpListener, TcpStream};

/// The sockets of one forward, all with the same port.
#[derive(Debug)]
pub struct Listeners {
    sockets: Vec<TcpListener>,
    /// What could not be listened on although it was meant, `""` when nothing.
    pub missing: String,
}

/// Where to listen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Bind {
    /// On this machine only: 127.0.0.1 and ::1. One of them is enough, as for kubectl.
    #[default]
    Localhost,
    /// On these addresses, all of them. Whoever asks for others than loopback has confirmed it.
    Addresses(Vec<IpAddr>),
}

impl Bind {
    /// Reads `localhost` or addresses parted by commas, as kubectl's `--address`.
    ///
    /// # Errors
    /// When a part is neither.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let mut addresses = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            if part == "localhost" {
                addresses.extend(LOOPBACK);
                continue;
            }
            let part = part.parse().map_err(|_| {
                let sentence = format!("\"{}\" is neither an IP address nor localhost", crate::text::safe(part));
                Refusal::new(sentence, "for example 127.0.0.1, or 0.0.0.0 for everybody")
            })?;
            addresses.push(part);
        }
        addresses.sort();
        addresses.dedup();
        Ok(if addresses.is_empty() || addresses == LOOPBACK { Self::Localhost } else { Self::Addresses(addresses) })
    }

    /// Whether others than this machine can connect.
    pub fn is_exposed(&self) -> bool {
        matches!(self, Self::Addresses(addresses) if !addresses.iter().all(IpAddr::is_loopback))
    }
}

const LOOPBACK: [IpAddr; 2] = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];

impl Listeners {
    /// Begins to listen on `port`; 0 is any that is free.
    ///
    /// # Errors
    /// When it cannot, in a sentence with a hint.
    pub async fn bind(bind: &Bind, port: u16) -> Result<Self, Refusal> {
        let (addresses, all) = match bind {
            Bind::Localhost => (LOOPBACK.as_slice(), false),
            Bind::Addresses(addresses) => (addresses.as_slice(), true),
        };
        let mut listeners = Self { sockets: Vec::new(), missing: String::new() };
        let mut refusal = Refusal::new("there is no address to listen on", "");
        let mut port = port;
        for address in addresses {
            let address = SocketAddr::new(*address, port);
            match TcpListener::bind(address).await {
                Ok(socket) => {
                    port = socket.local_addr().map_or(port, |address| address.port());
                    listeners.sockets.push(socket);
                }
                Err(error) => {
                    refusal = explain(address, &error);
                    // A machine without IPv6 misses nothing.
                    if error.kind() != ErrorKind::AddrNotAvailable {
                        listeners.missing.clone_from(&refusal.sentence);
                    }
                    if all {
                        return Err(refusal);
                    }
                }
            }
        }
        if listeners.sockets.is_empty() { Err(refusal) } else { Ok(listeners) }
    }

    /// Where it listens.
    pub fn addresses(&self) -> Vec<String> {
        self.sockets.iter().filter_map(|socket| socket.local_addr().ok()).map(|address| address.to_string()).collect()
    }

    /// Waits for a connection to any of them.
    ///
    /// # Errors
    /// When none can be taken now, for instance because too many files are open.
    pub async fn accept(&self) -> io::Result<TcpStream> {
        poll_fn(|context| {
            for socket in &self.sockets {
                if let Poll::Ready(accepted) = socket.poll_accept(context) {
                    return Poll::Ready(accepted.map(|(stream, _)| stream));
                }
            }
            Poll::Pending
        })
        .await
    }
}

/// Why an address cannot be listened on.
fn explain(address: SocketAddr, error: &io::Error) -> Refusal {
    match error.kind() {
        ErrorKind::AddrInUse => Refusal::new(
            format!("{address} is taken by another program"),
            "take another port; :PORT chooses a free one",
        ),
        ErrorKind::PermissionDenied => Refusal::new(
            format!("you may not listen on {address}"),
            format!("ports below 1024 are often reserved: try {}:PORT", u32::from(address.port()) + 8_000),
        ),
        ErrorKind::AddrNotAvailable => {
            Refusal::new(format!("{} is no address of this machine", address.ip()), "127.0.0.1 always is")
        }
        _ => Refusal::new(format!("{address} cannot be listened on: {error}"), "take another port"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn localhost_is_both_addresses_with_one_port() {
        let listeners = Listeners::bind(&Bind::Localhost, 0).await.unwrap();
        let addresses = listeners.addresses();
        let port = addresses[0].strip_prefix("127.0.0.1:").unwrap();
        assert!(addresses.len() == 1 || addresses[1] == format!("[::1]:{port}"), "{addresses:?}");
        for address in &addresses {
            let client = TcpStream::connect(address).await.unwrap();
            let accepted = listeners.accept().await.unwrap();
            assert_eq!(accepted.peer_addr().unwrap(), client.local_addr().unwrap());
        }
    }

    #[tokio::test]
    async fn a_port_that_is_taken_is_explained() {
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = taken.local_addr().unwrap();
        let explicit = Bind::Addresses(vec![address.ip()]);
        let refusal = Listeners::bind(&explicit, address.port()).await.unwrap_err();
        assert_eq!(refusal.sentence, format!("{address} is taken by another program"));
        assert!(refusal.hint.contains(":PORT chooses a free one"));
        // The other address is enough, where there is one; what is missing is said.
        if let Ok(listeners) = Listeners::bind(&Bind::Localhost, address.port()).await {
            assert_eq!(listeners.missing, refusal.sentence);
            assert_eq!(listeners.addresses(), [format!("[::1]:{}", address.port())]);
        }
        let foreign = Bind::Addresses(vec![Ipv4Addr::new(192, 0, 2, 1).into()]);
        let refusal = Listeners::bind(&foreign, 0).await.unwrap_err();
        assert_eq!(refusal.sentence, "192.0.2.1 is no address of this machine");
    }

    #[test]
    fn addresses_are_kubectls() {
        let read = |text| Bind::parse(text).map_err(|refusal| refusal.sentence);
        assert_eq!(read(""), Ok(Bind::Localhost));
        assert_eq!(read("localhost"), Ok(Bind::Localhost));
        assert_eq!(read("::1, 127.0.0.1"), Ok(Bind::Localhost));
        assert_eq!(read("127.0.0.1"), Ok(Bind::Addresses(vec![Ipv4Addr::LOCALHOST.into()])));
        assert!(!read("127.0.0.9").unwrap().is_exposed() && !Bind::Localhost.is_exposed());
        assert!(read("localhost,10.0.0.1").unwrap().is_exposed() && read("0.0.0.0").unwrap().is_exposed());
        assert_eq!(read("web"), Err("\"web\" is neither an IP address nor localhost".to_owned()));
    }
}
