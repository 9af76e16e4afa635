import { type Setting, type SettingKind, type Words, words } from "./setting.ts";

/** Label in English, German and Spanish. */
type Labels = readonly [en: string, de: string, es: string];

const longestText = 64;

function setting(name: string, kind: SettingKind, initial: string, labels: Labels): Setting {
  const label: Words = words(...labels);
  return { name, kind, initial, label };
}

function text(name: string, initial: string, ...labels: Labels): Setting {
  return setting(name, { type: "text", maxLength: longestText }, initial, labels);
}

function secret(name: string, initial: string, ...labels: Labels): Setting {
  return setting(name, { type: "secret", maxLength: longestText }, initial, labels);
}

function flag(name: string, initial: "true" | "false", ...labels: Labels): Setting {
  return setting(name, { type: "flag" }, initial, labels);
}

function number(
  name: string,
  [initial, minimum, maximum]: readonly [initial: number, minimum: number, maximum: number],
  ...labels: Labels
): Setting {
  return setting(name, { type: "number", minimum, maximum }, String(initial), labels);
}

function port(name: string, initial: number, ...labels: Labels): Setting {
  return number(name, [initial, 1, 65_535], ...labels);
}

/** The first choice is the initial one. */
function choice(name: string, choices: readonly [string, ...string[]], ...labels: Labels): Setting {
  return setting(name, { type: "choice", choices }, choices[0], labels);
}

const sides = ["OneSided", "TwoSidedLongEdge", "TwoSidedShortEdge"] as const;
const alertWords = ["Email alerts", "E-Mail-Benachrichtigung", "Alertas por correo"] as const;

/**
 * The settings every simulated printer has; each maker's pages show some of them. Names are paths of the data model
 * below the service object, so that a test reads the same name on both sides.
 */
export const printerSettings: readonly Setting[] = [
  text("General.PrinterName", "PRN-SIM", "Device Name", "Gerätename", "Nombre del dispositivo"),
  text("General.SystemLocation", "Hall 1", "Location", "Standort", "Ubicación"),
  text("General.SystemContact", "helpdesk", "Contact", "Ansprechpartner", "Contacto"),
  text("General.AssetTag", "A-0001", "Asset Number", "Inventarnummer", "Número de activo"),

  text(
    "Network.DNS.PrimaryServer",
    "192.0.2.53",
    "Primary DNS Server",
    "Primärer DNS-Server",
    "Servidor DNS primario",
  ),
  text(
    "Network.DNS.SecondaryServer",
    "",
    "Secondary DNS Server",
    "Sekundärer DNS-Server",
    "Servidor DNS secundario",
  ),
  text("Network.DNS.DomainName", "example.net", "Domain Name", "Domänenname", "Nombre de dominio"),
  flag(
    "Network.DNS.DynamicUpdateEnable",
    "false",
    "Dynamic DNS Update",
    "Dynamische DNS-Aktualisierung",
    "Actualización dinámica de DNS",
  ),
  flag("Network.TCPIP.IPv6Enable", "true", "IPv6", "IPv6", "IPv6"),
  text(
    "Network.WINS.PrimaryServer",
    "192.0.2.42",
    "Primary WINS Server",
    "Primärer WINS-Server",
    "Servidor WINS primario",
  ),
  text(
    "Network.WINS.SecondaryServer",
    "",
    "Secondary WINS Server",
    "Sekundärer WINS-Server",
    "Servidor WINS secundario",
  ),

  flag("Network.SMTP.Enable", "true", "SMTP", "SMTP", "SMTP"),
  text(
    "Network.SMTP.ServerAddress",
    "mail.example.net",
    "SMTP Server Address",
    "SMTP-Serveradresse",
    "Dirección del servidor SMTP",
  ),
  port("Network.SMTP.Port", 25, "SMTP Port", "SMTP-Port", "Puerto SMTP"),
  text(
    "Network.SMTP.SenderAddress",
    "printer@example.net",
    "Sender Address",
    "Absenderadresse",
    "Dirección del remitente",
  ),
  choice(
    "Network.SMTP.AuthenticationMethod",
    ["None", "Login", "CramMD5"],
    "SMTP Authentication",
    "SMTP-Authentifizierung",
    "Autenticación SMTP",
  ),
  text("Network.SMTP.Username", "", "SMTP User Name", "SMTP-Benutzername", "Usuario SMTP"),
  secret("Network.SMTP.Password", "", "SMTP Password", "SMTP-Kennwort", "Contraseña SMTP"),

  flag("Network.FTP.Enable", "true", "FTP Server", "FTP-Server", "Servidor FTP"),
  port("Network.FTP.Port", 21, "FTP Port", "FTP-Port", "Puerto FTP"),
  flag(
    "Network.FTP.PassiveMode",
    "false",
    "FTP Passive Mode",
    "FTP-Passivmodus",
    "Modo pasivo FTP",
  ),

  flag("Network.HTTP.Enable", "true", "HTTP", "HTTP", "HTTP"),
  port("Network.HTTP.Port", 80, "HTTP Port", "HTTP-Port", "Puerto HTTP"),
  flag("Network.HTTP.HTTPSEnable", "true", "HTTPS", "HTTPS", "HTTPS"),
  flag(
    "Network.HTTP.HTTPSOnly",
    "false",
    "Redirect HTTP to HTTPS",
    "HTTP auf HTTPS umleiten",
    "Redirigir HTTP a HTTPS",
  ),

  flag("Network.LPD.Enable", "true", "LPD", "LPD", "LPD"),
  port("Network.LPD.Port", 515, "LPD Port", "LPD-Port", "Puerto LPD"),
  flag("Network.RawPort.Enable", "true", "Raw Port", "Raw-Port", "Puerto Raw"),
  port("Network.RawPort.Port", 9100, "Raw Port Number", "Raw-Port-Nummer", "Número de puerto Raw"),
  flag(
    "Network.RawPort.BidirectionalEnable",
    "true",
    "Raw Port Bidirectional",
    "Raw-Port bidirektional",
    "Puerto Raw bidireccional",
  ),

  flag("Network.mDNS.Enable", "true", "mDNS", "mDNS", "mDNS"),
  flag("Network.SLP.Enable", "true", "SLP", "SLP", "SLP"),
  flag("Network.WSD.Enable", "true", "WSD", "WSD", "WSD"),
  flag("Network.IPP.Enable", "true", "IPP", "IPP", "IPP"),

  flag("Network.SNMP.V1V2cEnable", "true", "SNMPv1/v2c", "SNMPv1/v2c", "SNMPv1/v2c"),
  flag("Network.SNMP.V3Enable", "false", "SNMPv3", "SNMPv3", "SNMPv3"),
  secret(
    "Network.SNMP.ReadCommunity",
    "public",
    "Read Community",
    "Lese-Community",
    "Comunidad de lectura",
  ),
  secret(
    "Network.SNMP.WriteCommunity",
    "private",
    "Write Community",
    "Schreib-Community",
    "Comunidad de escritura",
  ),
  flag("Network.SNMP.TrapEnable", "false", "Traps", "Traps", "Traps"),
  text(
    "Network.SNMP.TrapDestination.1.Address",
    "",
    "Trap Destination",
    "Trap-Ziel",
    "Destino de traps",
  ),

  choice("Network.Time.Source", ["Manual", "NTP"], "Time Source", "Zeitquelle", "Fuente de hora"),
  text(
    "Network.Time.NTPServer1",
    "ntp.example.net",
    "Primary Time Server",
    "Primärer Zeitserver",
    "Servidor de hora primario",
  ),
  text(
    "Network.Time.NTPServer2",
    "",
    "Secondary Time Server",
    "Sekundärer Zeitserver",
    "Servidor de hora secundario",
  ),
  choice(
    "Network.Time.TimeZone",
    ["UTC0", "CET-1CEST", "EST5EDT"],
    "Time Zone",
    "Zeitzone",
    "Zona horaria",
  ),
  flag(
    "Network.Time.DaylightSavingEnable",
    "true",
    "Daylight Saving Time",
    "Sommerzeit",
    "Horario de verano",
  ),

  flag("Settings.EmailAlert.Enable", "false", ...alertWords),
  text(
    "Settings.EmailAlert.Recipient.1.Address",
    "",
    "Recipient 1",
    "Empfänger 1",
    "Destinatario 1",
  ),
  flag(
    "Settings.EmailAlert.Recipient.1.SupplyLow",
    "false",
    "Toner Low",
    "Wenig Toner",
    "Tóner bajo",
  ),
  flag(
    "Settings.EmailAlert.Recipient.1.PaperJam",
    "false",
    "Paper Jam",
    "Papierstau",
    "Atasco de papel",
  ),

  flag("Settings.Finishing.BannerPage", "false", "Banner Page", "Deckblatt", "Página de portada"),
  flag(
    "Settings.Finishing.SeparatorSheet",
    "false",
    "Separator Sheet",
    "Trennblatt",
    "Hoja separadora",
  ),
  flag("Settings.Finishing.Collate", "true", "Collate", "Sortieren", "Intercalar"),
  flag(
    "Settings.Finishing.ResourceSave",
    "false",
    "Resource Save",
    "Ressourcen sichern",
    "Guardar recursos",
  ),
  flag(
    "Settings.Finishing.PrintBlankPages",
    "true",
    "Print Blank Pages",
    "Leere Seiten drucken",
    "Imprimir páginas en blanco",
  ),

  number("Settings.Print.Copies", [1, 1, 999], "Copies", "Kopien", "Copias"),
  number(
    "Settings.Print.SleepDelay",
    [15, 1, 240],
    "Sleep Timer (minutes)",
    "Ruhemodus (Minuten)",
    "Reposo (minutos)",
  ),
  flag(
    "Settings.Print.AutoContinue",
    "false",
    "Auto Continue",
    "Automatisch fortfahren",
    "Continuar automáticamente",
  ),
  flag("Settings.Print.TonerSave", "false", "Toner Save", "Tonersparmodus", "Ahorro de tóner"),

  number(
    "Settings.PCL.FontNumber",
    [0, 0, 999],
    "PCL Font Number",
    "PCL-Schriftnummer",
    "Número de fuente PCL",
  ),
  choice(
    "Settings.PCL.SymbolSet",
    ["PC8", "ROMAN8", "WIN30"],
    "PCL Symbol Set",
    "PCL-Zeichensatz",
    "Juego de símbolos PCL",
  ),
  choice(
    "Settings.PCL.Orientation",
    ["Portrait", "Landscape"],
    "Orientation",
    "Ausrichtung",
    "Orientación",
  ),
  choice(
    "Settings.PCL.MediaSizeName",
    ["iso_a4_210x297mm", "na_letter_8.5x11in"],
    "Paper Size",
    "Papierformat",
    "Tamaño de papel",
  ),
  choice("Settings.PCL.Sides", sides, "Duplex", "Duplex", "Dúplex"),
  flag("Settings.PCL.DraftMode", "false", "Draft Mode", "Entwurfsmodus", "Modo borrador"),
  choice(
    "Settings.PCL.ColorMode",
    ["Auto", "Color", "Monochrome"],
    "Color Mode",
    "Farbmodus",
    "Modo de color",
  ),

  flag(
    "Settings.PS.PrintErrorPage",
    "false",
    "Print PS Errors",
    "PS-Fehler drucken",
    "Imprimir errores PS",
  ),
  number(
    "Settings.PS.JobTimeout",
    [0, 0, 999],
    "PS Job Timeout",
    "PS-Auftrags-Timeout",
    "Tiempo límite PS",
  ),
  number(
    "Settings.PS.WaitTimeout",
    [40, 0, 999],
    "PS Wait Timeout",
    "PS-Warte-Timeout",
    "Espera PS",
  ),
  choice(
    "Settings.PS.MediaSource",
    ["Auto", "Tray 1", "Tray 2"],
    "PS Paper Source",
    "PS-Papierzufuhr",
    "Origen de papel PS",
  ),
];
