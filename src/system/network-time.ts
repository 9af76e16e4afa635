/** Files that name the time servers, as the common clients of Linux keep them. */
export const timeServerFiles = [
  "/etc/systemd/timesyncd.conf",
  "/etc/chrony/chrony.conf",
  "/etc/chrony.conf",
  "/etc/ntpsec/ntp.conf",
  "/etc/ntp.conf",
] as const;

/** Exists while systemd-timesyncd runs. */
export const timeSyncFolder = "/run/systemd/timesync";
/** Exists once systemd-timesyncd or another client told systemd that the clock is right (systemd-timesyncd(8)). */
export const timeSyncedFile = `${timeSyncFolder}/synchronized`;

/** `server` and `pool` of chrony and ntpd, `NTP=` of systemd-timesyncd. */
export function parseTimeServers(text: string): readonly string[] {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.flatMap((line) => {
    const [word = "", name] = line.split(/\s+/);
    if ((word === "server" || word === "pool") && name !== undefined) return [name];
    return /^NTP=/.test(line) ? line.slice(4).split(/\s+/).filter(Boolean) : [];
  });
}
