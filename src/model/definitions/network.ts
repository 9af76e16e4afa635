import type { ObjectDefinition } from "../definition.ts";
import { choice, enable, flag, list, moment, port, secret, text, whole } from "./builders.ts";
import { interfaceStates, interfaceTypes } from "./enumerations.ts";

const writable = { writable: true } as const;

/** Network configuration of the printer: interfaces, name services, and the switches of its print and mail services. */
export const networkObjects: readonly ObjectDefinition[] = [
  { path: "Network.", description: "Network configuration of the printer.", parameters: [] },
  {
    path: "Network.Interface.{i}.",
    description: "Network interfaces (ifTable, ipAddrTable).",
    countedBy: "InterfaceNumberOfEntries",
    parameters: [
      text("Name", "Name of the interface (ifDescr, ifName)."),
      choice("Type", interfaceTypes, "Kind of interface, from ifType."),
      text("PhysicalAddress", "MAC address, aa:bb:cc:dd:ee:ff (ifPhysAddress)."),
      choice("OperState", interfaceStates, "Operational state (ifOperStatus)."),
      whole("Speed", "Speed in megabits per second (ifHighSpeed, ifSpeed).", {
        units: "megabits per second",
      }),
      text("HostName", "Host name.", writable),
      flag("DHCPEnable", "Address is taken from DHCP.", writable),
      text("IPAddress", "IPv4 address.", { ...writable, maxLength: 45 }),
      text("SubnetMask", "IPv4 subnet mask.", { ...writable, maxLength: 15 }),
      text("DefaultGateway", "IPv4 default gateway.", { ...writable, maxLength: 45 }),
      flag("IPv6Enable", "IPv6 is used.", writable),
      list("IPv6Address", "IPv6 addresses."),
    ],
  },
  {
    path: "Network.TCPIP.",
    description: "TCP/IP settings of the whole printer.",
    parameters: [
      choice(
        "AddressingMethod",
        ["Manual", "DHCP", "BOOTP", "AutoIP"],
        "How the address is found.",
        writable,
      ),
      flag("IPv4Enable", "IPv4 is used.", writable),
      flag("IPv6Enable", "IPv6 is used.", writable),
      text("DomainName", "Domain of the printer.", writable),
      whole("IdleTimeout", "Seconds until an idle connection is closed.", {
        ...writable,
        units: "seconds",
      }),
    ],
  },
  {
    path: "Network.DNS.",
    description: "DNS client.",
    parameters: [
      enable("DNS is used."),
      text("PrimaryServer", "First server.", writable),
      text("SecondaryServer", "Second server.", writable),
      text("DomainName", "Domain appended to short names.", writable),
      list("SearchList", "Domains tried for short names.", writable),
      flag("DynamicUpdateEnable", "The printer registers its name (RFC 2136).", writable),
    ],
  },
  {
    path: "Network.WINS.",
    description: "WINS client.",
    parameters: [
      enable("WINS is used."),
      text("PrimaryServer", "First server.", writable),
      text("SecondaryServer", "Second server.", writable),
      text("ScopeID", "NetBIOS scope.", writable),
    ],
  },
  {
    path: "Network.SMTP.",
    description: "Mail server the printer sends through.",
    parameters: [
      enable("Mail is sent."),
      text("ServerAddress", "Host name or address.", writable),
      port("Port of the server."),
      text("SenderAddress", "Address mails come from.", writable),
      choice(
        "AuthenticationMethod",
        ["None", "Plain", "Login", "CramMD5", "DigestMD5", "NTLM", "Kerberos", "OAuth2", "Auto"],
        "How the printer logs in.",
        writable,
      ),
      text("Username", "Account.", writable),
      secret("Password", "Password of the account."),
      choice("TLSMode", ["None", "StartTLS", "TLS", "Auto"], "Encryption.", writable),
    ],
  },
  {
    path: "Network.FTP.",
    description: "FTP of the printer.",
    parameters: [
      enable("FTP is served."),
      port("Port served."),
      flag("PassiveMode", "Passive mode is used.", writable),
    ],
  },
  {
    path: "Network.HTTP.",
    description: "Web server of the printer.",
    parameters: [
      enable("HTTP is served."),
      port("Port of HTTP."),
      flag("HTTPSEnable", "HTTPS is served.", writable),
      whole("HTTPSPort", "Port of HTTPS.", { ...writable, minimum: 1, maximum: 65_535 }),
      flag("HTTPSOnly", "HTTP is redirected to HTTPS.", writable),
      text("CertificateSubject", "Subject of the certificate in use."),
      moment("CertificateExpiry", "End of validity of the certificate in use."),
    ],
  },
  {
    path: "Network.LPD.",
    description: "LPD server (RFC 1179).",
    parameters: [
      enable("LPD is served."),
      port("Port served."),
      list("Queue", "Names of the queues."),
    ],
  },
  {
    path: "Network.RawPort.",
    description: "Raw TCP printing, usually port 9100.",
    parameters: [
      enable("The port is served."),
      port("Port served."),
      flag("BidirectionalEnable", "Status is sent back on the connection.", writable),
    ],
  },
  {
    path: "Network.SNMP.",
    description: "SNMP agent of the printer.",
    parameters: [
      flag("V1V2cEnable", "SNMP v1 and v2c are answered.", writable),
      flag("V3Enable", "SNMP v3 is answered.", writable),
      secret("ReadCommunity", "Community for reading."),
      secret("WriteCommunity", "Community for writing."),
      text("V3Username", "User of SNMP v3.", writable),
      choice(
        "AuthProtocol",
        ["None", "MD5", "SHA", "SHA224", "SHA256", "SHA384", "SHA512"],
        "Authentication of SNMP v3.",
        writable,
      ),
      choice("PrivProtocol", ["None", "DES", "AES", "AES256"], "Privacy of SNMP v3.", writable),
      flag("TrapEnable", "Traps are sent.", writable),
    ],
  },
  {
    path: "Network.SNMP.TrapDestination.{i}.",
    description: "Where traps are sent.",
    countedBy: "TrapDestinationNumberOfEntries",
    parameters: [
      text("Address", "Host name or address.", writable),
      secret("Community", "Community put into the traps."),
    ],
  },
  {
    path: "Network.Time.",
    description: "Clock of the printer.",
    parameters: [
      choice(
        "Source",
        ["Manual", "NTP", "SNTP"],
        "Where time comes from (PWG TimeSource).",
        writable,
      ),
      text("NTPServer1", "First time server.", writable),
      text("NTPServer2", "Second time server.", writable),
      text("TimeZone", "POSIX TZ text, as Device.Time.LocalTimeZone.", writable),
      moment("CurrentLocalTime", "Clock of the printer when last read."),
      flag("DaylightSavingEnable", "Summer time is applied.", writable),
    ],
  },
  ...(
    [
      ["IPP", "Internet Printing Protocol server (RFC 8010)."],
      ["WSD", "Web Services for Devices."],
      ["mDNS", "Multicast DNS and DNS-SD (RFC 6762)."],
      ["SMB", "Windows file and print sharing."],
      ["SLP", "Service Location Protocol (RFC 2608)."],
    ] as const
  ).map(([name, description]) => ({
    path: `Network.${name}.`,
    description,
    parameters: [enable("The service is on."), port("Port served.")],
  })),
];
