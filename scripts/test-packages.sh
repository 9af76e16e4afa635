#!/usr/bin/env bash
# Installs the Debian packages the full test run uses (root). Without them `npm test` still runs everything that needs
# only Node and says what it left out; in CI nothing may be left out.
set -eu
packages="snmp snmpd libxml2-utils openssl python3 g++ make iproute2 iputils-ping traceroute iptables conntrack coturn stun-server prosody proftpd-core openssh-server tftpd-hpa lprint cups-ipp-utils avahi-daemon dbus"
missing=""
for package in $packages; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
echo "installing:$missing"
apt-get update -qq
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
