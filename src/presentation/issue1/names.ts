/**
 * What TR-181 Issue 1 (`Device:1.14`) has of the things an endpoint of ours can show: object → parameters. The service
 * object is the same below every root. A test compares this list with the published model.
 */
const objects: Readonly<Record<string, string>> = {
  "Device.": "DeviceSummary",
  "Device.Services.": "",
  "Device.DeviceInfo.":
    "DeviceCategory Manufacturer ManufacturerOUI ModelName ModelNumber Description ProductClass SerialNumber " +
    "HardwareVersion SoftwareVersion AdditionalHardwareVersion AdditionalSoftwareVersion ProvisioningCode " +
    "DeviceStatus UpTime FirstUseDate SupportedDataModelNumberOfEntries VendorConfigFileNumberOfEntries " +
    "ProcessorNumberOfEntries VendorLogFileNumberOfEntries",
  "Device.DeviceInfo.MemoryStatus.": "Total Free",
  "Device.DeviceInfo.ProcessStatus.": "CPUUsage ProcessNumberOfEntries",
  "Device.DeviceInfo.ProcessStatus.Process.{i}.": "PID Command Size Priority CPUTime State",
  "Device.DeviceInfo.Processor.{i}.": "Alias Architecture",
  "Device.DeviceInfo.ProxierInfo.": "ManufacturerOUI ProductClass SerialNumber ProxyProtocol",
  "Device.DeviceInfo.SupportedDataModel.{i}.": "Alias URL UUID URN Features",
  "Device.DeviceInfo.VendorConfigFile.{i}.": "Alias Name Version Date Description",
  "Device.DeviceInfo.VendorLogFile.{i}.": "Alias Name MaximumSize Persistent",
  "Device.GatewayInfo.": "ManufacturerOUI ProductClass SerialNumber",
  "Device.LAN.": "AddressingType IPAddress SubnetMask DefaultGateway DNSServers MACAddress",
  "Device.LAN.IPPingDiagnostics.":
    "DiagnosticsState Host NumberOfRepetitions Timeout DataBlockSize DSCP SuccessCount FailureCount " +
    "AverageResponseTime MinimumResponseTime MaximumResponseTime",
  "Device.LAN.TraceRouteDiagnostics.":
    "DiagnosticsState Host Timeout DataBlockSize MaxHopCount DSCP ResponseTime NumberOfRouteHops",
  "Device.LAN.TraceRouteDiagnostics.RouteHops.{i}.": "HopHost",
  "Device.DownloadDiagnostics.":
    "DiagnosticsState Interface DownloadURL DSCP EthernetPriority ROMTime BOMTime EOMTime TestBytesReceived " +
    "TotalBytesReceived TCPOpenRequestTime TCPOpenResponseTime",
  "Device.UploadDiagnostics.":
    "DiagnosticsState Interface UploadURL DSCP EthernetPriority TestFileLength ROMTime BOMTime EOMTime " +
    "TotalBytesSent TCPOpenRequestTime TCPOpenResponseTime",
  "Device.NSLookupDiagnostics.":
    "DiagnosticsState Interface HostName DNSServer Timeout NumberOfRepetitions SuccessCount ResultNumberOfEntries",
  "Device.NSLookupDiagnostics.Result.{i}.":
    "Status AnswerType HostNameReturned IPAddresses DNSServerIP ResponseTime",
  "Device.SelfTestDiagnostics.": "DiagnosticsState Results",
  "Device.ManagementServer.":
    "EnableCWMP URL Username Password PeriodicInformEnable PeriodicInformInterval PeriodicInformTime ParameterKey " +
    "ConnectionRequestURL ConnectionRequestUsername ConnectionRequestPassword UpgradesManaged KickURL " +
    "DownloadProgressURL DefaultActiveNotificationThrottle UDPConnectionRequestAddress " +
    "UDPConnectionRequestAddressNotificationLimit STUNEnable STUNServerAddress STUNServerPort STUNUsername " +
    "STUNPassword STUNMaximumKeepAlivePeriod STUNMinimumKeepAlivePeriod NATDetected AliasBasedAddressing " +
    "CWMPRetryMinimumWaitInterval CWMPRetryIntervalMultiplier InstanceMode AutoCreateInstances " +
    "SupportedConnReqMethods ConnReqXMPPConnection ConnReqAllowedJabberIDs ConnReqJabberID " +
    "HTTPCompressionSupported HTTPCompression LightweightNotificationProtocolsSupported " +
    "LightweightNotificationProtocolsUsed UDPLightweightNotificationHost UDPLightweightNotificationPort " +
    "InformParameterNumberOfEntries",
  "Device.ManagementServer.AutonomousTransferCompletePolicy.":
    "Enable TransferTypeFilter ResultTypeFilter FileTypeFilter",
  "Device.ManagementServer.DUStateChangeComplPolicy.":
    "Enable OperationTypeFilter ResultTypeFilter FaultCodeFilter",
  "Device.ManagementServer.InformParameter.{i}.": "Enable Alias ParameterName EventList",
  "Device.ManagementServer.StandbyPolicy.":
    "CRUnawarenessMaxDuration MaxMissedPeriodic NotifyMissedScheduled NetworkAwarenessCapable SelfTimerCapable " +
    "CRAwarenessRequested PeriodicAwarenessRequested ScheduledAwarenessRequested",
  "Device.Time.":
    "Enable Status NTPServer1 NTPServer2 NTPServer3 NTPServer4 NTPServer5 CurrentLocalTime LocalTimeZone",
  "Device.UserInterface.":
    "PasswordRequired PasswordUserSelectable UpgradeAvailable WarrantyDate AvailableLanguages CurrentLanguage",
  "Device.XMPP.": "ConnectionNumberOfEntries",
  "Device.XMPP.Connection.{i}.":
    "Enable Alias Username Password Domain Resource JabberID Status LastChangeDate ServerConnectAlgorithm " +
    "KeepAliveInterval ServerConnectAttempts ServerRetryInitialInterval ServerRetryIntervalMultiplier " +
    "ServerRetryMaxInterval UseTLS TLSEstablished ServerNumberOfEntries",
  "Device.XMPP.Connection.{i}.Server.{i}.": "Enable Alias Priority Weight ServerAddress Port",
  "Device.XMPP.Connection.{i}.Stats.":
    "ReceivedMessages TransmittedMessages ReceivedErrorMessages TransmittedErrorMessages",
};

/** Every object, table and parameter of the list, with `{i}` for row numbers. */
export const issue1Names: ReadonlySet<string> = new Set(
  Object.entries(objects).flatMap(([path, parameters]) => [
    path,
    ...(path.endsWith("{i}.") ? [path.slice(0, -"{i}.".length)] : []),
    ...parameters.split(" ").flatMap((name) => (name === "" ? [] : [path + name])),
  ]),
);

/** Where things of Issue 2 stand in Issue 1; longer prefixes first. Full names are parameters. */
export const movedPaths: readonly (readonly [issue2: string, issue1: string])[] = [
  ["Device.IP.Diagnostics.IPPing.", "Device.LAN.IPPingDiagnostics."],
  ["Device.IP.Diagnostics.TraceRoute.", "Device.LAN.TraceRouteDiagnostics."],
  ["Device.IP.Diagnostics.DownloadDiagnostics.", "Device.DownloadDiagnostics."],
  ["Device.IP.Diagnostics.UploadDiagnostics.", "Device.UploadDiagnostics."],
  ["Device.DNS.Diagnostics.NSLookupDiagnostics.", "Device.NSLookupDiagnostics."],
];
