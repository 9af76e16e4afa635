import { describe, expect, it } from "vitest";
import { registerSecret } from "../shared/redact.ts";
import { ConfigError } from "./errors.ts";
import { withSecretsOf, withoutSecrets } from "./portable-config.ts";

const current = `
# the old password was hunter-two
acs:
  url: https://acs.example.net/
  username: box
  password: "acs-password-1"
credentials:
  - snmp: { version: 2c, read: public, write: "write-community" }
  - ews: { username: admin, password: "\${env:EWS_PASSWORD}" }
api: { token: auto }
`;

describe("configuration that leaves the box", () => {
  it("has every secret replaced, well-known communities too, keeps placeholders and auto, and loses comments", () => {
    const text = withoutSecrets(current, "config.yaml");
    expect(text).not.toMatch(/acs-password-1|write-community|hunter-two/);
    expect(text).toContain("password: ${secret:acs.password}");
    expect(text).toContain("write: ${secret:credentials.0.snmp.write}");
    expect(text).toContain("${env:EWS_PASSWORD}");
    expect(text).toContain("read: ${secret:credentials.0.snmp.read}");
    expect(text).not.toMatch(/public/);
    expect(text).toContain("token: auto");
  });

  it("hides a text that contains a secret registered elsewhere", () => {
    registerSecret("token-in-url");
    const text = withoutSecrets('acs: { url: "https://a.example/?t=token-in-url" }', "c");
    expect(text).not.toContain("token-in-url");
    expect(text).toContain("${secret:acs.url}");
  });

  it("comes back with the secrets of the box in it and the sender's comments kept", () => {
    const sent = `# by the ACS\n${withoutSecrets(current, "c").replace("username: box", "username: other")}`;
    const back = withSecretsOf(current, sent, "c");
    expect(back).toContain("# by the ACS");
    expect(back).toContain("acs-password-1");
    expect(back).toContain("write-community");
    expect(back).toContain("read: public");
    expect(back).toContain("username: other");
    expect(withSecretsOf(current, current, "c")).toBe(current);
  });

  it("may not ask for variables or files the box does not ask for already", () => {
    const read = (placeholder: string) => () =>
      withSecretsOf(current, `proxier: { manufacturer: "${placeholder}" }`, "c");
    expect(read("${file:/etc/passwd}")).toThrow(ConfigError);
    expect(read("$\\u007benv:HOME}")).toThrow(ConfigError);
    expect(read("${env:HOME}")).toThrow(/is not in the configuration in force/);
    expect(read("${env:EWS_PASSWORD}")).not.toThrow();
    expect(read("$${env:HOME}")).not.toThrow();
  });

  it("puts a secret only where it belongs, whatever place in a list that is", () => {
    const back = (text: string) => () => withSecretsOf(current, text, "c");
    const moved =
      'credentials: [{ ews: {} }, { snmp: { write: "${secret:credentials.0.snmp.write}" } }]';
    expect(back(moved)()).toContain("write-community");
    expect(back('acs: { username: "${secret:acs.password}" }')).toThrow(/where it belongs only/);
    expect(back('acs: { password: "${secret:credentials.0.snmp.write}" }')).toThrow(ConfigError);
    expect(back('acs: { password: &a "${secret:acs.password}", username: *a }')).toThrow(
      ConfigError,
    );
    const inKey = '"${secret:acs.password}": 1\nacs: { password: "${secret:acs.password}" }';
    expect(back(inKey)().split("\n")[0]).toBe('"${secret:acs.password}": 1');
  });

  it("refuses a reference to a secret that is not there, and what is no YAML", () => {
    expect(() => withSecretsOf(current, "acs: { nothing: '${secret:acs.nothing}' }", "c")).toThrow(
      /names a key without value/,
    );
    expect(() => withSecretsOf(current, "a: [", "c")).toThrow(ConfigError);
  });
});
