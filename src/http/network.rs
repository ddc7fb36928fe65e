//! Where a request comes from: not one address, which is cheap to change, but the network that it is in.

use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;
use poem::Request;
use uuid::Uuid;

/// What one owner of addresses usually has at least: of IPv4 256 addresses, of IPv6 a site's prefix (RFC 6177).
const IPV4: u8 = 24;
const IPV6: u8 = 48;
/// Written by proxies: who asked them, the nearest last.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// Who has opened the connection.
fn peer(request: &Request) -> Option<IpAddr> {
    request.remote_addr().as_socket_addr().map(|address| address.ip().to_canonical())
}

/// Whether one of these proxies hands the request on.
pub fn is_from(request: &Request, proxies: &[IpNet]) -> bool {
    peer(request).is_some_and(|peer| is_one(proxies, &peer))
}

fn is_one(proxies: &[IpNet], address: &IpAddr) -> bool {
    proxies.iter().any(|proxy| proxy.contains(address))
}

/// A network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(IpNet);

impl Network {
    /// Where the request comes from: of the addresses that proxies have written down, the last that is none of ours. What others claim counts
    /// for nothing.
    pub fn of(request: &Request, proxies: &[IpNet]) -> Self {
        let Some(peer) = peer(request) else { return Self::around(Ipv6Addr::UNSPECIFIED.into()) };
        if !is_one(proxies, &peer) {
            return Self::around(peer);
        }
        let headers = request.headers().get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok());
        let written: Vec<&str> = headers.flat_map(|value| value.split(',')).map(str::trim).collect();
        let addresses = written.iter().rev().map_while(|address| address.parse::<IpAddr>().ok());
        let mut addresses = addresses.map(|address| address.to_canonical());
        Self::around(addresses.find(|address| !is_one(proxies, address)).unwrap_or(peer))
    }

    fn around(address: IpAddr) -> Self {
        let bits = if address.is_ipv4() { IPV4 } else { IPV6 };
        Self(IpNet::new(address, bits).map_or_else(|_| address.into(), |network| network.trunc()))
    }

    /// What it is called where budgets are kept.
    pub fn name(self) -> Uuid {
        Uuid::new_v5(&Uuid::NAMESPACE_OID, self.0.to_string().as_bytes())
    }
}
