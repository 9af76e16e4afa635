import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate authority with a server certificate for 127.0.0.1 and localhost, and a client certificate; PEM. */
export interface TestCertificates {
  readonly ca: string;
  readonly server: { readonly cert: string; readonly key: string };
  /** Signed by the same authority, but for another host. */
  readonly otherHost: { readonly cert: string; readonly key: string };
  readonly client: { readonly cert: string; readonly key: string };
}

/** Makes fresh certificates with the `openssl` command. @throws when it is missing (Debian package openssl) */
export function makeTestCertificates(): TestCertificates {
  const folder = mkdtempSync(join(tmpdir(), "mfpgate-tls-"));
  try {
    newKey(folder, "ca");
    openssl(folder, "req -x509 -new -key ca.key -subj /CN=test-ca -days 2 -out ca.crt");
    const issue = (name: string, subject: string, names: string): { cert: string; key: string } => {
      newKey(folder, name);
      writeFileSync(join(folder, "names"), `subjectAltName=${names}\n`);
      openssl(folder, `req -new -key ${name}.key -subj ${subject} -out ${name}.csr`);
      openssl(
        folder,
        `x509 -req -in ${name}.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile names -out ${name}.crt`,
      );
      return { cert: read(folder, `${name}.crt`), key: read(folder, `${name}.key`) };
    };
    return {
      ca: read(folder, "ca.crt"),
      server: issue("server", "/CN=acs", "DNS:localhost,IP:127.0.0.1"),
      otherHost: issue("other", "/CN=other", "DNS:acs.example.net"),
      client: issue("client", "/CN=00005E-mfpgate-1", "DNS:cpe.example.net"),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function newKey(folder: string, name: string): void {
  openssl(folder, `ecparam -name prime256v1 -genkey -noout -out ${name}.key`);
}

function openssl(folder: string, command: string): void {
  execFileSync("openssl", command.split(" "), { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
}

function read(folder: string, name: string): string {
  return readFileSync(join(folder, name), "utf8");
}
